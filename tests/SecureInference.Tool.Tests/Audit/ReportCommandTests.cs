using System.Text.Json;
using SecureInference.Pipeline.Auditing;

namespace SecureInference.Tool.Tests.Audit;

public sealed class ReportCommandTests : IDisposable
{
    private readonly AuditFixture _audit = new();

    public void Dispose() => _audit.Dispose();

    [Fact]
    public async Task Report_Json_AddsUpByDayCallerAndModel()
    {
        _audit.Write(SomeUse());

        var answer = await _audit.RunAsync("report", _audit.Log, "--public-key", _audit.PublicKey, "--json");

        using var json = JsonDocument.Parse(answer.Output);
        var lines = json.RootElement.GetProperty("lines").EnumerateArray().ToArray();
        Assert.True(json.RootElement.GetProperty("verified").GetBoolean());
        Assert.Equal(["2026-10-02 shop", "2026-10-02 bank", "2026-10-03 shop"], lines.Select(static line => $"{line.GetProperty("day")} {line.GetProperty("caller")}"));
        Assert.Equal((3, 1, 1, 1), Counts(lines[0]));
        Assert.Equal(1, lines[0].GetProperty("refusedBy").GetProperty("rate_limited").GetInt64());
        Assert.Equal(2, lines[0].GetProperty("rows").GetInt64());
        Assert.Equal((5, 3, 1, 1), Counts(json.RootElement.GetProperty("total")));
        Assert.Equal(5 * 3136, json.RootElement.GetProperty("total").GetProperty("bytesIn").GetInt64());
        Assert.Equal(700, json.RootElement.GetProperty("refusedStrangers").GetProperty("key_unknown").GetInt64());
        Assert.Equal(9, json.RootElement.GetProperty("lostRecords").GetInt64());
    }

    [Theory]
    [InlineData("caller", "shop")]
    [InlineData("model", "digits")]
    [InlineData("day", "2026-10-02")]
    public async Task Report_ByOneThing_TellsOnlyThatApart(string by, string first)
    {
        _audit.Write(SomeUse());

        var answer = await _audit.RunAsync("report", _audit.Log, "--by", by);

        Assert.StartsWith(by, answer.Lines[0], StringComparison.Ordinal);
        Assert.StartsWith(first, answer.Lines[1], StringComparison.Ordinal);
        Assert.Contains("in all", answer.Output, StringComparison.Ordinal);
        Assert.Contains("refused: rate_limited 1", answer.Output, StringComparison.Ordinal);
        Assert.Contains("refused strangers: key_unknown 700", answer.Output, StringComparison.Ordinal);
        Assert.StartsWith("NOT VERIFIED", answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Report_Period_CountsOnlyWhatLiesInIt()
    {
        _audit.Write(SomeUse());

        var answer = await _audit.RunAsync("report", _audit.Log, "--since", "2026-10-03", "--until", "2026-10-04", "--csv");

        Assert.Equal(2, answer.Lines.Count(static line => line.Length > 0));
        Assert.StartsWith("2026-10-03,\"shop\",\"digits\",1,1,0,0,", answer.Lines[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("=cmd|'/c calc'!A1", "\"'=cmd|'/c calc'!A1\"")]
    [InlineData("+1", "\"'+1\"")]
    [InlineData("-1", "\"'-1\"")]
    [InlineData("@SUM(A1)", "\"'@SUM(A1)\"")]
    [InlineData("  =1+1", "\"'  =1+1\"")]
    [InlineData("＝1", "\"'＝1\"")]
    [InlineData("\t=1", "\"'\uFFFD=1\"")]
    [InlineData("a\",=1", "\"a\"\",=1\"")]
    [InlineData("two\nrows", "\"two\uFFFDrows\"")]
    [InlineData("\e[31mred", "\"\uFFFD[31mred\"")]
    [InlineData("honest name", "\"honest name\"")]
    public async Task Report_HostileNamesAsCsv_AreNoFormulasAndNoRows(string name, string cell)
    {
        _audit.Write(AuditFixture.Decision(caller: name, model: "digits"));

        var answer = await _audit.RunAsync("report", _audit.Log, "--csv");

        Assert.Equal($"2026-10-02,{cell},\"digits\",1,0,0,0,0,1,0,0,3136,0,,,\"\"", answer.Lines[1]);
        Assert.Equal(2, answer.Lines.Count(static line => line.Length > 0));
    }

    [Theory]
    [InlineData(80)]
    [InlineData(160)]
    public async Task Report_HostileNamesOnATerminal_StayText(int width)
    {
        _audit.Write(AuditFixture.Decision(caller: "\e[2J\u202Epohs", model: "[red]m[/]"));

        var answer = await _audit.Tool.RunOnTerminalAsync(width, "audit", "report", _audit.Log);

        Assert.DoesNotContain("\e[2J", answer.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\u202E', answer.Output);
        Assert.Contains("[red]m[/]", answer.Output, StringComparison.Ordinal);
        Assert.All(answer.Lines, line => Assert.InRange(line.Length, 0, width));
    }

    [Fact]
    public async Task Report_TwoForms_IsWrongUsage()
    {
        _audit.Write(SomeUse());

        Assert.Equal(2, (await _audit.RunAsync("report", _audit.Log, "--csv", "--json")).ExitCode);
    }

    [Fact]
    public async Task Report_LogThatDoesNotVerify_SaysNothing()
    {
        AuditFixture.Change(_audit.Write(AuditFixture.Requests(20)).Segment(2), static bytes => bytes[..^1]);

        var answer = await _audit.RunAsync("report", _audit.Log, "--public-key", _audit.PublicKey);

        Assert.Equal((13, ""), (answer.ExitCode, answer.Output));
    }

    internal static AuditRecord[] SomeUse() =>
    [
        AuditFixture.Decision(AuditFixture.Id(0)),
        AuditFixture.Outcome(AuditFixture.Id(0)),
        AuditFixture.Decision(AuditFixture.Id(1), rule: "rate_limited"),
        AuditFixture.Outcome(AuditFixture.Id(1), status: 429),
        AuditFixture.Decision(AuditFixture.Id(2)),
        AuditFixture.Outcome(AuditFixture.Id(2), status: 504),
        AuditFixture.Decision(AuditFixture.Id(3), caller: "bank", model: "faces"),
        AuditFixture.Outcome(AuditFixture.Id(3), caller: "bank", model: "faces"),
        AuditFixture.Decision(AuditFixture.Id(4), time: ToolFixture.Start.AddDays(1)),
        AuditFixture.Outcome(AuditFixture.Id(4), time: ToolFixture.Start.AddDays(1)),
        AuditFixture.Of(AuditRecordKind.Refusals, 700) with { Network = "203.0.113.0/24", Decision = "refuse", Rule = "key_unknown" },
        AuditFixture.Of(AuditRecordKind.Gap, 9),
    ];

    private static (long Requests, long Answered, long Refused, long Failed) Counts(JsonElement line) =>
        (line.GetProperty("requests").GetInt64(), line.GetProperty("answered").GetInt64(), line.GetProperty("refused").GetInt64(), line.GetProperty("failed").GetInt64());
}
