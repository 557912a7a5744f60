using System.Globalization;
using System.Text;
using SecureInference.Pipeline.Auditing.Log;
using SecureInference.Pipeline.Auditing.Records;
using SecureInference.Tool.Audit;

namespace SecureInference.Tool.Tests.Audit;

public sealed class VerifyLogFailureTests : IDisposable
{
    private readonly AuditFixture _audit = new();

    public void Dispose() => _audit.Dispose();

    [Fact]
    public async Task Verify_EmptyFolder_IsNoLog()
    {
        Directory.CreateDirectory(_audit.Log);

        await AssertFailsAsync(LogFailureKind.NoLog, "there is no log in the folder");
    }

    [Fact]
    public async Task Verify_IdentityChanged_IsBadFile()
    {
        AuditFixture.Change(Path.Combine(Written().Log, LogNames.Identity), static bytes => [.. bytes, 1]);

        await AssertFailsAsync(LogFailureKind.BadFile, "file     identity");
    }

    [Fact]
    public async Task Verify_ByteOfAHeaderFlipped_IsBadHeader()
    {
        AuditFixture.Change(Written().Segment(2), static bytes => Flip(bytes, 50));

        await AssertFailsAsync(LogFailureKind.BadHeader, "segment-000000000002.sealed");
    }

    [Fact]
    public async Task Verify_ByteOfARecordFlipped_IsLocatedToTheByte()
    {
        var start = Header(Written().Segment(1)).Length;
        AuditFixture.Change(_audit.Segment(1), bytes => Flip(bytes, start + 20));

        await AssertFailsAsync(LogFailureKind.BadFrame, string.Create(CultureInfo.InvariantCulture, $"segment 1 (segment-000000000001.sealed), offset {start}, record 0"));
    }

    [Fact]
    public async Task Verify_EndWithinAFrame_IsAFailureOnlyOfALogThatIsFinished()
    {
        using var store = _audit.Open(new LogSettings { CheckpointRecords = 4 });
        AuditFixture.Append(store, AuditFixture.Requests(3));
        var copy = _audit.Copy("killed");
        await File.AppendAllTextAsync(Directory.EnumerateFiles(copy, "*.open").Single(), "torn", TestContext.Current.CancellationToken);

        var live = await _audit.RunAsync("verify", copy, "--public-key", _audit.PublicKey);
        var finished = await _audit.RunAsync("verify", copy, "--public-key", _audit.PublicKey, "--finished");

        Assert.Equal(0, live.ExitCode);
        Assert.Contains("4 bytes at the end, which are no whole record", live.Output, StringComparison.Ordinal);
        Assert.Equal(LogFailureExit.CodeOf(LogFailureKind.UnfinishedTail), finished.ExitCode);
    }

    [Fact]
    public async Task Verify_SignedRecordsCutOff_AreTruncatedAlsoInALogThatIsFinished()
    {
        using var store = _audit.Open(new LogSettings { CheckpointRecords = 1 });
        AuditFixture.Append(store, AuditFixture.Requests(3));
        var copy = _audit.Copy("cut");
        var segment = Directory.EnumerateFiles(copy, "*.open").Single();
        AuditFixture.Change(segment, bytes => bytes[..(Header(segment).Length + 20)]);

        var live = await _audit.RunAsync("verify", copy, "--public-key", _audit.PublicKey);
        var finished = await _audit.RunAsync("verify", copy, "--public-key", _audit.PublicKey, "--finished");

        Assert.Equal(LogFailureExit.CodeOf(LogFailureKind.Truncated), live.ExitCode);
        Assert.Equal(LogFailureExit.CodeOf(LogFailureKind.Truncated), finished.ExitCode);
    }

    [Fact]
    public async Task Verify_SegmentRemoved_IsSegmentMissing()
    {
        File.Delete(Written().Segment(2));

        await AssertFailsAsync(LogFailureKind.SegmentMissing, "segment 2 is missing");
    }

    [Fact]
    public async Task Verify_SegmentTwice_IsChainBroken()
    {
        File.Copy(Written().Segment(1), Path.Combine(_audit.Log, LogNames.OpenSegment(1)));

        await AssertFailsAsync(LogFailureKind.ChainBroken, "there are two segments of this number");
    }

    [Fact]
    public async Task Verify_CheckpointOfAnotherLog_IsForeignLog() =>
        await AssertFailsAsync(LogFailureKind.ForeignLog, "is of the log", "--checkpoint", Sign("secure-inference/audit/00", 3));

    [Fact]
    public async Task Verify_SignatureChanged_IsBadCheckpoint()
    {
        AuditFixture.Change(Written().Checkpoint, static bytes => Replace(bytes, "\n\n\u2014 ", 20));

        await AssertFailsAsync(LogFailureKind.BadCheckpoint, "file     checkpoint");
    }

    [Fact]
    public async Task Verify_RecordRewrittenWithItsChecksum_IsRecordsChanged()
    {
        var header = Header(Written().Segment(1)).Length;
        AuditFixture.Change(_audit.Segment(1), bytes =>
        {
            var record = AuditRecordEncoder.Encode(AuditFixture.Decision(AuditFixture.Id(0), caller: "evil"));
            byte[] frame = [.. new byte[8], .. record];
            Frame.Finish(frame, FrameType.Record);
            return [.. bytes[..header], .. frame, .. bytes[(header + frame.Length)..]];
        });

        await AssertFailsAsync(LogFailureKind.RecordsChanged, "records  0 is in doubt");
    }

    [Fact]
    public async Task Verify_LastSegmentRemoved_IsTruncated()
    {
        File.Delete(Directory.EnumerateFiles(Written().Log, "segment-*").Order(StringComparer.Ordinal).Last());

        await AssertFailsAsync(LogFailureKind.Truncated, "the newest checkpoint signs 40 records");
    }

    [Fact]
    public async Task Verify_ByAnotherKey_IsUnknownKey()
    {
        using var other = SigningKey.Make();
        await File.WriteAllTextAsync(_audit.PublicKey, other.Public.Pem, TestContext.Current.CancellationToken);

        await AssertFailsAsync(LogFailureKind.UnknownKey, "signed by a key that is not trusted");
    }

    [Fact]
    public async Task Verify_BeforeTheFirstCheckpoint_IsUnsigned()
    {
        using var store = _audit.Open(new LogSettings { CheckpointInterval = TimeSpan.FromDays(1) });
        AuditFixture.Append(store, AuditFixture.Requests(1));

        var answer = await _audit.VerifyAsync();

        AssertFailure(LogFailureKind.Unsigned, "no checkpoint signs any of the 2 records", answer);
    }

    [Fact]
    public async Task Verify_OlderThanACheckpointKeptElsewhere_IsRolledBack() =>
        await AssertFailsAsync(LogFailureKind.RolledBack, "signs 99 records, and there are 40", "--checkpoint", Sign(Written().Origin, 99));

    [Fact]
    public async Task Verify_CheckpointOfAnotherHistory_IsForked() =>
        await AssertFailsAsync(LogFailureKind.Forked, "signs 3 other records", "--checkpoint", Sign(Written().Origin, 3));

    [Fact]
    public async Task Verify_CheckpointOlderThanRetentionLeft_SaysSo()
    {
        using (var store = _audit.Open(new LogSettings { SegmentBytes = 900, KeepSegments = 1 }))
        {
            AuditFixture.Append(store, AuditFixture.Requests(30));
        }

        await AssertFailsAsync(LogFailureKind.KnownCheckpointTooOld, "Give a newer one", "--checkpoint", Sign(_audit.Origin, 1));
    }

    [Fact]
    public async Task Verify_CheckpointOfSomebodyWithoutTheKey_AccusesNobody()
    {
        using var other = SigningKey.Make();
        var forged = _audit.Keep("forged", SignedCheckpoint.Sign(new Checkpoint(Written().Origin, 3, new byte[32]), other).Note);

        await AssertFailsAsync(LogFailureKind.UnknownKey, "no trusted key signed it", "--checkpoint", forged);
    }

    private static byte[] Flip(byte[] bytes, int at)
    {
        bytes[at] ^= 1;
        return bytes;
    }

    /// <summary>Changes a character of the signature some way behind a mark.</summary>
    private static byte[] Replace(byte[] note, string mark, int before)
    {
        var text = Encoding.UTF8.GetString(note);
        Assert.Contains(mark, text, StringComparison.Ordinal);
        var at = text.Length - before;
        return Encoding.UTF8.GetBytes(text[..at] + (text[at] == 'A' ? 'B' : 'A') + text[(at + 1)..]);
    }

    private static SegmentHeader Header(string segment) => SegmentHeader.TryParse(File.ReadAllBytes(segment))!;

    private static void AssertFailure(LogFailureKind kind, string text, ToolAnswer answer)
    {
        Assert.Equal(LogFailureExit.CodeOf(kind), answer.ExitCode);
        Assert.Empty(answer.Output);
        Assert.Contains(text, answer.Error, StringComparison.Ordinal);
        Assert.Contains($"kind     {kind} (exit code ", answer.Error, StringComparison.Ordinal);
        Assert.Contains($"means    {LogFailureExit.MeaningOf(kind)}", answer.Error, StringComparison.Ordinal);
    }

    private AuditFixture Written() => Directory.Exists(_audit.Log) ? _audit : _audit.Write(AuditFixture.Requests(20));

    private string Sign(string origin, long size) => _audit.Keep("kept", SignedCheckpoint.Sign(new Checkpoint(origin, size, new byte[32]), _audit.Keys.Current).Note);

    private async Task AssertFailsAsync(LogFailureKind kind, string text, params string[] more)
    {
        if (kind != LogFailureKind.NoLog)
        {
            Written();
        }

        AssertFailure(kind, text, await _audit.VerifyAsync(more));
    }
}
