using SecureInference.Pipeline.Auditing.Log;

namespace SecureInference.Tests.Pipeline.Auditing.Log;

/// <summary>What somebody does who can write the folder, mends every checksum, and has no key.</summary>
public sealed class LogTamperTests
{
    private const int Records = 30;

    private readonly MemoryFolder _folder = SmallLog.Make(Records);

    [Fact]
    public void Verify_LogThatWasClosed_IsWholeAndSigned()
    {
        var verification = SmallLog.Verify(_folder);

        Assert.Null(verification.Failure);
        Assert.Equal(Records, verification.Size);
        Assert.Equal(Records, verification.SignedSize);
        Assert.True(verification.Segments >= 3);
    }

    [Fact]
    public void Verify_RecordRewritten_IsLocatedBetweenCheckpoints() =>
        AssertChanged(frames => frames[2] = Forge.Record("a record that never was"), sequence: 2);

    [Fact]
    public void Verify_RecordRemoved_IsLocatedBetweenCheckpoints() => AssertChanged(static frames => frames.RemoveAt(1), sequence: 1);

    [Fact]
    public void Verify_RecordsSwapped_IsLocatedBetweenCheckpoints() =>
        AssertChanged(static frames => (frames[0], frames[1]) = (frames[1], frames[0]), sequence: 0);

    [Fact]
    public void Verify_RecordAdded_IsLocatedBetweenCheckpoints() => AssertChanged(static frames => frames.Insert(1, Forge.Record("added")), sequence: 1);

    [Fact]
    public void Verify_RecordTwice_IsLocatedBetweenCheckpoints() => AssertChanged(static frames => frames.Insert(1, frames[0]), sequence: 1);

    [Fact]
    public void Verify_SegmentRemoved_NamesIt()
    {
        _folder.Files.Remove(LogNames.SealedSegment(2));

        var failure = SmallLog.Verify(_folder).Failure;

        Assert.Equal((LogFailureKind.SegmentMissing, 2L), (failure?.Kind, failure?.Segment ?? 0));
    }

    [Fact]
    public void Verify_FirstSegmentRemovedWithoutAnAnchor_NamesIt()
    {
        _folder.Files.Remove(LogNames.SealedSegment(1));

        var failure = SmallLog.Verify(_folder).Failure;

        Assert.Equal((LogFailureKind.SegmentMissing, 1L), (failure?.Kind, failure?.Segment ?? 0));
    }

    [Fact]
    public void Verify_LastSegmentRemoved_IsFoundByTheCheckpoint()
    {
        _folder.Files.Remove(_folder.Names().Order(StringComparer.Ordinal).Last(static name => name.StartsWith("segment-", StringComparison.Ordinal)));

        Assert.Equal(LogFailureKind.Truncated, SmallLog.Verify(_folder).Failure?.Kind);
    }

    [Fact]
    public void Verify_OlderCopyOfEverything_IsFoundOnlyByACheckpointKeptElsewhere()
    {
        var old = SmallLog.Make(0);
        using (var store = SmallLog.Open(old))
        {
            SmallLog.Append(store, 6);
        }

        var copy = old.Copy();
        using (var store = SmallLog.Open(old))
        {
            SmallLog.Append(store, 6);
        }

        var elsewhere = SmallLog.Verify(old).Checkpoint?.Checkpoint!;

        Assert.Null(SmallLog.Verify(copy).Failure);
        Assert.Equal(LogFailureKind.RolledBack, SmallLog.Verify(copy, elsewhere).Failure?.Kind);
        Assert.Equal(6, SmallLog.Verify(copy, elsewhere).Failure?.Sequence);
    }

    [Fact]
    public void Verify_ForkSignedByTheSameKey_IsFoundByACheckpointKeptElsewhere()
    {
        var fork = _folder.Copy();
        using (var store = SmallLog.Open(_folder))
        {
            SmallLog.Append(store, 6);
        }

        using (var store = SmallLog.Open(fork))
        {
            store.Append("another history"u8);
            SmallLog.Append(store, 7);
        }

        var elsewhere = SmallLog.Verify(_folder).Checkpoint?.Checkpoint!;

        Assert.Null(SmallLog.Verify(fork).Failure);
        Assert.Equal(LogFailureKind.Forked, SmallLog.Verify(fork, elsewhere).Failure?.Kind);
        Assert.Null(SmallLog.Verify(_folder, elsewhere).Failure);
    }

    [Fact]
    public void Verify_WholeLogSignedByAnotherKey_IsFound()
    {
        var forged = SmallLog.Make(Records, keys: new LogKeys(SigningKey.Make()));

        Assert.Equal(LogFailureKind.UnknownKey, SmallLog.Verify(forged).Failure?.Kind);
    }

    [Fact]
    public void Verify_CheckpointSignedByAnotherKey_IsFound()
    {
        var mine = SignedCheckpoint.TryParse(_folder[LogNames.Checkpoint])!.Checkpoint;
        _folder[LogNames.Checkpoint] = SignedCheckpoint.Sign(mine with { Size = 20 }, SigningKey.Make()).Note;

        var failure = SmallLog.Verify(_folder).Failure;

        Assert.Equal((LogFailureKind.UnknownKey, LogNames.Checkpoint), (failure?.Kind, failure?.File));
    }

    [Fact]
    public void Verify_FrameOfACheckpointSignedByAnotherKey_IsLocated()
    {
        var mine = SignedCheckpoint.TryParse(_folder[LogNames.Checkpoint])!.Checkpoint;
        var name = LogNames.SealedSegment(1);
        var index = -1;
        _folder[name] = Forge.Change(_folder[name], frames =>
        {
            index = frames.FindIndex(static frame => frame[3] == 1);
            frames[index] = Forge.Frame(SignedCheckpoint.Sign(mine with { Size = index }, SigningKey.Make()).Note, FrameType.Checkpoint);
        });

        var failure = SmallLog.Verify(_folder).Failure;

        Assert.Equal((LogFailureKind.UnknownKey, 1L, (long)index), (failure?.Kind, failure?.Segment ?? 0, failure?.Sequence ?? -1));
    }

    [Fact]
    public void Verify_SegmentOfAnotherLog_IsFound()
    {
        _folder[LogNames.SealedSegment(2)] = SmallLog.Make(Records)[LogNames.SealedSegment(2)];

        Assert.Equal(LogFailureKind.ForeignLog, SmallLog.Verify(_folder).Failure?.Kind);
    }

    [Fact]
    public void Verify_CheckpointOfAnotherLogKeptElsewhere_IsRefused()
    {
        var elsewhere = SmallLog.Verify(SmallLog.Make(3)).Checkpoint?.Checkpoint!;

        Assert.Equal(LogFailureKind.ForeignLog, SmallLog.Verify(_folder, elsewhere).Failure?.Kind);
    }

    [Theory]
    [InlineData(LogNames.Checkpoint, LogFailureKind.BadFile)]
    [InlineData(LogNames.Identity, LogFailureKind.BadFile)]
    public void Verify_FileRemoved_IsFound(string name, object kind)
    {
        _folder.Files.Remove(name);

        Assert.Equal(kind, SmallLog.Verify(_folder).Failure?.Kind);
    }

    [Theory]
    [InlineData(LogNames.Identity)]
    [InlineData(LogNames.Checkpoint)]
    public void Verify_FileOfEndlessLength_IsRefusedAndNotRead(string name)
    {
        _folder[name] = [.. _folder[name], .. new byte[1 << 20]];

        Assert.Equal(name, SmallLog.Verify(_folder).Failure?.File);
    }

    [Fact]
    public void Verify_EmptyFolder_IsNoLog() => Assert.Equal(LogFailureKind.NoLog, SmallLog.Verify(new MemoryFolder()).Failure?.Kind);

    /// <summary>Changes the first segment's frames, mends its checksums, and expects the change within the records that it may be in.</summary>
    private void AssertChanged(Action<List<byte[]>> change, long sequence)
    {
        var name = LogNames.SealedSegment(1);
        _folder[name] = Forge.Change(_folder[name], change);

        var failure = SmallLog.Verify(_folder).Failure;

        Assert.NotNull(failure);
        Assert.Equal((LogFailureKind.RecordsChanged, 1L), (failure.Kind, failure.Segment ?? 0));
        Assert.InRange(sequence, failure.Sequence ?? -1, (failure.EndSequence ?? 0) - 1);
        Assert.True(failure.EndSequence <= 6, failure.ToString());
    }
}
