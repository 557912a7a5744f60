using System.Text.Json;
using SecureInference.Pipeline.Auditing.Log;

namespace SecureInference.Tool.Tests.Audit;

public sealed class ExportLogCommandTests : IDisposable
{
    private readonly AuditFixture _audit = new();

    private string Output => _audit.PathOf("export.jsonl");

    public void Dispose() => _audit.Dispose();

    [Fact]
    public async Task Export_LogThatVerifies_HasAllRecordsAndItsCheckpoints()
    {
        _audit.Write(AuditFixture.Requests(6));

        var answer = await _audit.RunAsync("export", _audit.Log, "--output", Output, "--public-key", _audit.PublicKey, "--json");

        var lines = await LinesAsync();
        Assert.Equal(0, answer.ExitCode);
        Assert.Equal(Enumerable.Range(0, 12), lines.Where(static line => Kind(line) != "checkpoint").Select(static line => line.GetProperty("sequence").GetInt32()));
        var checkpoints = lines.Where(static line => Kind(line) == "checkpoint").ToArray();
        Assert.Equal(12, checkpoints[^1].GetProperty("size").GetInt64());
        Assert.Equal(await File.ReadAllTextAsync(_audit.Checkpoint, TestContext.Current.CancellationToken), checkpoints[^1].GetProperty("note").GetString());
        using var counts = JsonDocument.Parse(answer.Output);
        Assert.Equal(12, counts.RootElement.GetProperty("records").GetInt64());
        Assert.Equal(checkpoints.Length, counts.RootElement.GetProperty("checkpoints").GetInt64());
    }

    [Fact]
    public async Task Export_LogInUse_LeavesOutWhatIsNotSigned()
    {
        using var store = _audit.Open(new LogSettings { CheckpointRecords = 4 });
        AuditFixture.Append(store, AuditFixture.Requests(3));

        await _audit.RunAsync("export", _audit.Log, "--output", Output, "--public-key", _audit.PublicKey);

        Assert.Equal(4, (await LinesAsync()).Count(static line => Kind(line) != "checkpoint"));
    }

    [Fact]
    public async Task Export_LinkInItsPlace_IsReplacedAndNotFollowed()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need rights there.");
        _audit.Write(AuditFixture.Requests(1));
        var other = _audit.PathOf("another");
        await File.WriteAllTextAsync(other, "as it was", TestContext.Current.CancellationToken);
        File.CreateSymbolicLink(Output, other);
        File.CreateSymbolicLink(Output + ".new", other);

        await _audit.RunAsync("export", _audit.Log, "--output", Output, "--public-key", _audit.PublicKey);

        Assert.Null(new FileInfo(Output).LinkTarget);
        Assert.Equal("as it was", await File.ReadAllTextAsync(other, TestContext.Current.CancellationToken));
        Assert.NotEmpty(await LinesAsync());
    }

    [Fact]
    public async Task Export_LogThatDoesNotVerify_WritesNothingUnlessTold()
    {
        AuditFixture.Change(_audit.Write(AuditFixture.Requests(20)).Segment(3), static bytes => bytes[..^1]);

        var proven = await _audit.RunAsync("export", _audit.Log, "--output", Output, "--public-key", _audit.PublicKey);
        var isThere = Directory.EnumerateFiles(Path.GetDirectoryName(Output)!, "*export.jsonl*").Any();
        var unproven = await _audit.RunAsync("export", _audit.Log, "--output", Output, "--unverified");

        Assert.Equal(13, proven.ExitCode);
        Assert.False(isThere);
        Assert.Contains("NOT VERIFIED", unproven.Output, StringComparison.Ordinal);
        Assert.Equal(40, (await LinesAsync()).Count(static line => Kind(line) != "checkpoint"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Export_NeitherOrBothOfKeyAndUnverified_IsWrongUsage(bool both)
    {
        _audit.Write(AuditFixture.Requests(1));

        var answer = await _audit.RunAsync(["export", _audit.Log, "--output", Output, .. both ? (string[])["--unverified", "--public-key", _audit.PublicKey] : []]);

        Assert.Equal(2, answer.ExitCode);
    }

    [Fact]
    public async Task Export_FolderThatIsNotThere_Exits3()
    {
        _audit.Write(AuditFixture.Requests(1));

        var answer = await _audit.RunAsync("export", _audit.Log, "--output", _audit.PathOf("gone/export"), "--unverified");

        Assert.Equal(3, answer.ExitCode);
        Assert.Contains("cannot be written", answer.Error, StringComparison.Ordinal);
    }

    private static string? Kind(JsonElement line) => line.GetProperty("kind").GetString();

    private async Task<JsonElement[]> LinesAsync() =>
        [.. (await File.ReadAllLinesAsync(Output, TestContext.Current.CancellationToken)).Select(static line => JsonSerializer.Deserialize<JsonElement>(line))];
}
