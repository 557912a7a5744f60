using System.Globalization;
using System.Text.Json;
using SecureInference.Pipeline.Auditing.Log;
using SecureInference.TestSupport;
using SecureInference.Tool.Audit;

namespace SecureInference.Tool.Tests.Audit;

public sealed class LogFailureExitTests
{
    [Fact]
    public void CodeOf_EveryKind_IsItsOwnAndNoneOfTheTools()
    {
        var codes = Enum.GetValues<LogFailureKind>().Select(LogFailureExit.CodeOf).ToArray();

        Assert.Distinct(codes);
        Assert.All(codes, static code => Assert.InRange(code, 10, 63));
    }

    [Fact]
    public void Documentation_HasEveryCodeAndKind()
    {
        var page = File.ReadAllText(Path.Combine(Checkout.Docs, "auditing.md"));
        foreach (var kind in Enum.GetValues<LogFailureKind>())
        {
            Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"| {LogFailureExit.CodeOf(kind)} | `{kind}` | "), page, StringComparison.Ordinal);
            Assert.NotEmpty(LogFailureExit.MeaningOf(kind));
        }
    }

    [Fact]
    public async Task Verify_FailureAsJson_HasWhereAndWhy()
    {
        using var audit = new AuditFixture();
        audit.Write(AuditFixture.Requests(20));
        AuditFixture.Change(audit.Segment(2), static bytes =>
        {
            bytes[^60] ^= 1;
            return bytes;
        });

        var answer = await audit.VerifyAsync("--json");

        using var json = JsonDocument.Parse(answer.Output);
        var failure = json.RootElement.GetProperty("failure");
        Assert.False(json.RootElement.GetProperty("ok").GetBoolean());
        Assert.Equal(answer.ExitCode, failure.GetProperty("exitCode").GetInt32());
        Assert.Equal("badFrame", failure.GetProperty("kind").GetString());
        Assert.Equal(2, failure.GetProperty("segment").GetInt64());
        Assert.True(failure.GetProperty("sequence").GetInt64() > 0);
        Assert.True(failure.GetProperty("offset").GetInt64() > 0);
    }
}
