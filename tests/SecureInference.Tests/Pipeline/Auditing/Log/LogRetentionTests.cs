using Microsoft.Extensions.Time.Testing;
using SecureInference.Pipeline.Auditing.Log;

namespace SecureInference.Tests.Pipeline.Auditing.Log;

public sealed class LogRetentionTests
{
    [Fact]
    public void Commit_TooManySegments_RemovesTheOldestAndTheRestVerifies()
    {
        var folder = SmallLog.Make(60, SmallLog.Settings with { KeepSegments = 3 });
        var elsewhere = SmallLog.Verify(folder).Checkpoint?.Checkpoint!;

        var verification = SmallLog.Verify(folder, elsewhere);

        Assert.Null(verification.Failure);
        Assert.Equal(3, verification.Segments);
        Assert.True(verification.FirstSequence > 0);
        Assert.Equal(60, verification.Size);
    }

    [Fact]
    public void Commit_SegmentsTooOld_AreRemoved()
    {
        var folder = new MemoryFolder();
        var time = new FakeTimeProvider();
        using (var store = SmallLog.Open(folder, SmallLog.Settings with { KeepFor = TimeSpan.FromDays(30), SegmentAge = TimeSpan.FromDays(1), SegmentBytes = 1 << 20 }, time: time))
        {
            for (var day = 0; day < 40; day++)
            {
                SmallLog.Append(store, 2);
                time.Advance(TimeSpan.FromDays(1));
                store.Commit();
            }
        }

        var verification = SmallLog.Verify(folder);
        Assert.Null(verification.Failure);
        Assert.InRange(verification.Segments, 30, 32);
    }

    [Fact]
    public void Open_AfterRetention_GoesOn()
    {
        var settings = SmallLog.Settings with { KeepSegments = 3 };
        var folder = SmallLog.Make(60, settings);
        using (var store = SmallLog.Open(folder, settings))
        {
            Assert.True(store.Recovery.IsClean);
            SmallLog.Append(store, 20);
        }

        Assert.Null(SmallLog.Verify(folder).Failure);
        Assert.Equal(80, SmallLog.Verify(folder).Size);
    }

    [Fact]
    public void Verify_MoreRemovedThanTheAnchorSays_IsFound()
    {
        var folder = SmallLog.Make(60, SmallLog.Settings with { KeepSegments = 3 });
        folder.Files.Remove(folder.Names().Where(static name => name.StartsWith("segment-", StringComparison.Ordinal)).Order(StringComparer.Ordinal).First());

        Assert.Equal(LogFailureKind.SegmentMissing, SmallLog.Verify(folder).Failure?.Kind);
    }

    [Fact]
    public void Verify_AnchorForgedWithoutTheKey_IsFound()
    {
        var folder = SmallLog.Make(60);
        var second = SegmentHeader.TryParse(folder[LogNames.SealedSegment(2)])!;
        folder.Files.Remove(LogNames.SealedSegment(1));
        folder[LogNames.Anchor] = new LogAnchor(SmallLog.Verify(folder).Origin, 1, second.FirstSequence, second.Root).Sign(SigningKey.Make());

        var failure = SmallLog.Verify(folder).Failure;

        Assert.Equal((LogFailureKind.BadFile, LogNames.Anchor), (failure?.Kind, failure?.File));
    }

    [Fact]
    public void Verify_KnownCheckpointOlderThanWhatIsLeft_SaysSo()
    {
        var folder = new MemoryFolder();
        Checkpoint old;
        using (var store = SmallLog.Open(folder, SmallLog.Settings with { KeepSegments = 2 }))
        {
            SmallLog.Append(store, 6);
            old = store.LastCheckpoint!.Checkpoint;
            SmallLog.Append(store, 60);
        }

        Assert.Equal(LogFailureKind.KnownCheckpointTooOld, SmallLog.Verify(folder, old).Failure?.Kind);
    }

    [Fact]
    public void Prove_EveryRecordThatIsLeft_VerifiesWithNothingButTheKey()
    {
        var folder = SmallLog.Make(60, SmallLog.Settings with { KeepSegments = 3 });
        var first = SmallLog.Verify(folder).FirstSequence;
        for (var sequence = first; sequence < 60; sequence++)
        {
            var text = new LogProver(folder, SmallLog.Trusted).Prove(sequence, out var failure)?.ToText();
            var proof = InclusionProof.TryParse(text!);

            Assert.Null(failure);
            Assert.NotNull(proof);
            Assert.Equal(SmallLog.Record(sequence), proof.Record);
            Assert.True(proof.Verify(SmallLog.Trusted));
            Assert.False(proof.Verify([SigningKey.Make().Public]));
            Assert.False((proof with { Record = [1] }).Verify(SmallLog.Trusted));
            Assert.False((proof with { Sequence = sequence - 1 }).Verify(SmallLog.Trusted));
        }

        Assert.Null(new LogProver(folder, SmallLog.Trusted).Prove(first - 1, out _));
        Assert.Null(new LogProver(folder, SmallLog.Trusted).Prove(60, out _));
    }
}
