using System.Text.Json;
using SecureInference.Pipeline.Auditing;
using SecureInference.Pipeline.Auditing.Sinks;
using SecureInference.Tests.Abstractions;
using SecureInference.TestSupport;

namespace SecureInference.Tests.Pipeline.Auditing.Sinks;

public sealed class FileAuditSinkTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly CollectedLog _log = new();

    private string FilePath => _folder.File("audit.jsonl");

    public void Dispose()
    {
        _folder.Dispose();
        _log.Dispose();
    }

    [Fact]
    public void Write_Records_IsOneJsonObjectALine()
    {
        using (var sink = Open())
        {
            sink.Write([Record("first") with { Caller = "a\nb\"c", Status = 200, Duration = TimeSpan.FromMilliseconds(1.5) }, Record("second")]);
            sink.Write([Record("third") with { Kind = AuditRecordKind.Gap, Count = 7 }]);
        }

        var lines = File.ReadAllText(FilePath).Split('\n');
        Assert.Equal(4, lines.Length);
        Assert.Empty(lines[3]);
        var first = JsonDocument.Parse(lines[0]).RootElement;
        Assert.Equal("decision", first.GetProperty("kind").GetString());
        Assert.Equal("a\nb\"c", first.GetProperty("caller").GetString());
        Assert.Equal(1500, first.GetProperty("durationUs").GetInt64());
        Assert.False(first.TryGetProperty("rule", out _));
        Assert.Equal(7, JsonDocument.Parse(lines[2]).RootElement.GetProperty("count").GetInt64());
    }

    [Fact]
    public void Write_TextThatIsNoUnicode_IsStillOneLineOfJson()
    {
        using (var sink = Open())
        {
            sink.Write([Record("first") with { Caller = "half a \ud834 pair", Model = "  \u2028\0" }]);
        }

        Assert.Equal(JsonValueKind.Object, JsonDocument.Parse(Assert.Single(File.ReadAllLines(FilePath))).RootElement.ValueKind);
    }

    [Fact]
    public void Write_FileWasRenamed_GoesOnInANewOneAndSaysSo()
    {
        using var sink = Open();
        sink.Write([Record("first")]);

        File.Move(FilePath, FilePath + ".1");
        sink.Write([Record("second")]);

        Assert.Contains("first", Assert.Single(File.ReadAllLines(FilePath + ".1")), StringComparison.Ordinal);
        Assert.Contains("second", Assert.Single(File.ReadAllLines(FilePath)), StringComparison.Ordinal);
        Assert.Contains(_log.Entries, static entry => entry.EventId == 1104);
    }

    [Fact]
    public void Write_FolderWasDeleted_MakesItAgain()
    {
        using var sink = Open();
        sink.Write([Record("first")]);

        Directory.Delete(_folder.Path, recursive: true);
        sink.Write([Record("second")]);

        Assert.Contains("second", Assert.Single(File.ReadAllLines(FilePath)), StringComparison.Ordinal);
    }

    [Fact]
    public void Write_FileWasCut_WritesNoHole()
    {
        using var sink = Open();
        sink.Write([Record("first")]);

        using (var cut = new FileStream(FilePath, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            cut.SetLength(0);
        }

        sink.Write([Record("second")]);

        Assert.DoesNotContain((byte)0, File.ReadAllBytes(FilePath));
        Assert.Contains("second", Assert.Single(File.ReadAllLines(FilePath)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("audit.jsonl")]
    [InlineData("audit.lock")]
    public void Open_SymbolicLink_IsRefusedAndLeavesItsTargetAlone(string name)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows asks for a right to make symbolic links.");
        var target = _folder.File("of-somebody-else");
        File.WriteAllText(target, "no line end");
        File.CreateSymbolicLink(_folder.File(name), target);

        var refusal = Assert.Throws<IOException>(Open);

        Assert.Contains("symbolic link", refusal.Message, StringComparison.Ordinal);
        Assert.Equal("no line end", File.ReadAllText(target));
    }

    [Fact]
    public void Open_FileOfAnEarlierStart_Continues()
    {
        using (var sink = Open())
        {
            sink.Write([Record("first")]);
        }

        using (var sink = Open())
        {
            sink.Write([Record("second")]);
        }

        Assert.Equal(["first", "second"], RequestIds());
    }

    [Theory]
    [InlineData("{\"half\"")]
    [InlineData("\0\0\0\0")]
    public void Open_TornTail_IsMovedAsideAndSaid(string torn)
    {
        using (var sink = Open())
        {
            sink.Write([Record("first")]);
        }

        File.AppendAllText(FilePath, torn);

        using (var sink = Open())
        {
            sink.Write([Record("second")]);
        }

        Assert.Equal(["first", "second"], RequestIds());
        Assert.Equal(torn, File.ReadAllText(Assert.Single(Torn())));
        Assert.Contains(_log.Entries, entry => entry.EventId == 1103);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4096)]
    [InlineData(4097)]
    [InlineData(20_000)]
    public void Open_NothingButATornTail_IsMovedAsideWhole(int length)
    {
        File.WriteAllText(FilePath, new string('x', length));

        using (Open())
        {
        }

        Assert.Equal(0, new FileInfo(FilePath).Length);
        Assert.Equal(length, new FileInfo(Assert.Single(Torn())).Length);
    }

    [Fact]
    public void Open_TornTwiceAtTheSamePlace_KeepsBothTails()
    {
        File.WriteAllText(FilePath, "first tail");
        Open().Dispose();
        File.WriteAllText(FilePath, "second tail");

        Open().Dispose();

        Assert.Equal(["first tail", "second tail"], Torn().Select(File.ReadAllText).Order());
    }

    [Fact]
    public void Open_OnUnix_NobodyElseMayRead()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no modes.");
        Open().Dispose();
        File.AppendAllText(FilePath, "torn");

        Open().Dispose();

        const UnixFileMode Mine = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        Assert.Equal(Mine, ModeOf(FilePath));
        Assert.Equal(Mine, ModeOf(Assert.Single(Torn())));
    }

    [Fact]
    public void Open_FileThatAnotherSinkWrites_Throws()
    {
        using var first = Open();

        Assert.ThrowsAny<IOException>(Open);
    }

    [Fact]
    public void Open_FileOfASinkThatIsDisposed_Works()
    {
        Open().Dispose();

        Assert.Null(Xunit.Record.Exception(() => Open().Dispose()));
    }

    [Fact]
    public void Write_DiskEndsInTheMiddleOfABatch_LeavesNoHalfLineAndTakesTheBatchLater()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Sparse files are needed.");
        var start = FileSizeLimit.Fill(FilePath, room: 1_000);
        using (var sink = Open())
        {
            var batch = Enumerable.Range(0, 50).Select(_ => Record("too much")).ToArray();

            Assert.ThrowsAny<Exception>(() => sink.Write(batch));
            var lengthAfterFailure = new FileInfo(FilePath).Length;
            sink.Write([Record("small")]);

            Assert.Equal(start, lengthAfterFailure);
        }

        Assert.Equal("small", JsonDocument.Parse(FileSizeLimit.ReadFrom(FilePath, start)).RootElement.GetProperty("requestId").GetString());
    }

    private static AuditRecord Record(string id) => new() { Kind = AuditRecordKind.Decision, Time = DateTimeOffset.UnixEpoch, RequestId = id };

    private static UnixFileMode ModeOf(string path) => OperatingSystem.IsWindows() ? default : File.GetUnixFileMode(path);

    private FileAuditSink Open() => new(_folder.Path, Some.LoggingPart<AuditTelemetry>(_log));

    private string[] Torn() => Directory.GetFiles(_folder.Path, "*.torn-*");

    private IEnumerable<string?> RequestIds() =>
        File.ReadAllLines(FilePath).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("requestId").GetString());
}
