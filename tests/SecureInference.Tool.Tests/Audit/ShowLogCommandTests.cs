using System.Text.Json;
using SecureInference.Pipeline.Auditing;
using SecureInference.Pipeline.Auditing.Log;

namespace SecureInference.Tool.Tests.Audit;

public sealed class ShowLogCommandTests : IDisposable
{
    private readonly AuditFixture _audit = new();

    public void Dispose() => _audit.Dispose();

    [Fact]
    public async Task Show_WithoutAKey_SaysThatNothingIsVerified()
    {
        _audit.Write(AuditFixture.Requests(2));

        var answer = await _audit.RunAsync("show", _audit.Log);

        Assert.Equal(0, answer.ExitCode);
        Assert.StartsWith("NOT VERIFIED", answer.Error, StringComparison.Ordinal);
        Assert.Contains("0       2026-10-02T12:30:15.000Z  allowed       shop    digits", answer.Output, StringComparison.Ordinal);
        Assert.Contains("3       2026-10-02T12:30:15.000Z  answered 200  shop    digits  2     5.00", answer.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Show_WithAKey_ShowsOnlyWhatIsSigned()
    {
        using var store = _audit.Open(new LogSettings { CheckpointRecords = 4 });
        AuditFixture.Append(store, AuditFixture.Requests(3));

        var answer = await _audit.RunAsync("show", _audit.Log, "--public-key", _audit.PublicKey, "--json");

        Assert.Equal(4, answer.Lines.Count(static line => line.Length > 0));
        Assert.Contains("Verified: records 0 to 3 are as the key signed them. 2 after the last checkpoint are left out.", answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Show_LogThatDoesNotVerify_ShowsNothing()
    {
        AuditFixture.Change(_audit.Write(AuditFixture.Requests(20)).Segment(2), static bytes => bytes[..^1]);

        var answer = await _audit.RunAsync("show", _audit.Log, "--public-key", _audit.PublicKey);

        Assert.Equal(13, answer.ExitCode);
        Assert.Empty(answer.Output);
    }

    [Fact]
    public async Task Show_DamagedLogWithoutAKey_ShowsWhatCanBeReadAndFails()
    {
        AuditFixture.Change(_audit.Write(AuditFixture.Requests(3)).Segment(1), static bytes => bytes[..^600]);

        var answer = await _audit.RunAsync("show", _audit.Log, "--json");

        Assert.Equal(1, answer.ExitCode);
        Assert.Contains("The log is damaged", answer.Error, StringComparison.Ordinal);
        Assert.NotEmpty(answer.Output);
    }

    [Theory]
    [InlineData(new[] { "--caller", "shop" }, 3)]
    [InlineData(new[] { "--model", "faces" }, 1)]
    [InlineData(new[] { "--decision", "refuse" }, 1)]
    [InlineData(new[] { "--decision", "allow", "--caller", "shop" }, 1)]
    [InlineData(new[] { "--request", "0123456789abcdef-1" }, 1)]
    [InlineData(new[] { "--since", "2026-10-03" }, 1)]
    [InlineData(new[] { "--until", "2026-10-03" }, 3)]
    [InlineData(new[] { "--since", "1h" }, 4)]
    [InlineData(new[] { "--limit", "2" }, 2)]
    public async Task Show_Filtered_ShowsWhatMatches(string[] filter, int expected)
    {
        _audit.Write(
            AuditFixture.Decision(AuditFixture.Id(0)),
            AuditFixture.Outcome(AuditFixture.Id(0)),
            AuditFixture.Decision(AuditFixture.Id(1), rule: "rate_limited"),
            AuditFixture.Outcome(AuditFixture.Id(2), caller: "bank", model: "faces", time: ToolFixture.Start.AddDays(1)));

        var answer = await _audit.RunAsync(["show", _audit.Log, "--json", .. filter]);

        Assert.Equal(expected, answer.Lines.Count(static line => line.Length > 0));
    }

    [Fact]
    public async Task Show_OneRequest_ShowsEverythingOfIt()
    {
        _audit.Write(AuditFixture.Decision(), AuditFixture.Outcome());

        var answer = await _audit.RunAsync("show", _audit.Log, "--request", AuditFixture.Request);

        Assert.Contains("Record 0: decision", answer.Output, StringComparison.Ordinal);
        Assert.Contains("  input         image FP32[1,784], 3136 bytes", answer.Output, StringComparison.Ordinal);
        Assert.Contains("  network       203.0.113.0/24", answer.Output, StringComparison.Ordinal);
        Assert.Contains("Record 1: outcome", answer.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--request", "42")]
    [InlineData("--since", "yesterday")]
    [InlineData("--limit", "0")]
    [InlineData("--decision", "maybe")]
    public async Task Show_MalformedFilter_IsWrongUsage(string option, string value)
    {
        _audit.Write(AuditFixture.Requests(1));

        var answer = await _audit.RunAsync("show", _audit.Log, option, value);

        Assert.Equal(2, answer.ExitCode);
        Assert.NotEmpty(answer.Error);
    }

    [Theory]
    [InlineData(80)]
    [InlineData(200)]
    public async Task Show_HostileNamesOnATerminal_StayText(int width)
    {
        _audit.Write(AuditFixture.Decision(caller: "\e[2Jshop\u202Egnp", model: "[red]m[/]\nforged"), AuditFixture.Of(AuditRecordKind.Start, detail: "\e]0;owned\a"));

        var answer = await _audit.Tool.RunOnTerminalAsync(width, "audit", "show", _audit.Log);

        Assert.DoesNotContain('\u202E', answer.Output);
        Assert.DoesNotContain("\e[2J", answer.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\a', answer.Output);
        Assert.Contains("[red]m[/]", answer.Output, StringComparison.Ordinal);
        Assert.All(answer.Lines, line => Assert.InRange(line.Length, 0, width));
    }

    [Fact]
    public async Task Show_HostileNamesAsJson_AreEscaped()
    {
        _audit.Write(AuditFixture.Decision(caller: "\e[2J\u202E<script>\nforged"));

        var answer = await _audit.RunAsync("show", _audit.Log, "--json");

        Assert.All(answer.Output.TrimEnd('\n'), static character => Assert.InRange(character, ' ', '~'));
        using var json = JsonDocument.Parse(answer.Output);
        Assert.Equal("\e[2J\u202E<script>\nforged", json.RootElement.GetProperty("caller").GetString());
    }

    [Fact]
    public async Task Show_RecordOfANewerVersion_IsSaidAndLeftOut()
    {
        using (var store = _audit.Open())
        {
            store.Append([99, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
            AuditFixture.Append(store, AuditFixture.Requests(1));
        }

        var answer = await _audit.RunAsync("show", _audit.Log, "--json");

        Assert.Equal(0, answer.ExitCode);
        Assert.Contains("Record 0 cannot be read: its schema is 99", answer.Error, StringComparison.Ordinal);
        Assert.Equal(2, answer.Lines.Count(static line => line.Length > 0));
    }
}
