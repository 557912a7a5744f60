using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace SecureInference.Tool.Tests.Audit;

public sealed partial class ReportPageTests : IDisposable
{
    private readonly AuditFixture _audit = new();

    public void Dispose() => _audit.Dispose();

    [Fact]
    public async Task Page_Always_AllowsItsOwnStyleAndNothingElse()
    {
        _audit.Write(ReportCommandTests.SomeUse());

        var page = await PageAsync();

        var style = page[(page.IndexOf("<style>", StringComparison.Ordinal) + 7)..page.IndexOf("</style>", StringComparison.Ordinal)];
        var hash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(style)));
        Assert.Contains($"content=\"default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'\"", page, StringComparison.Ordinal);
        Assert.DoesNotMatch(Outside(), page);
    }

    [Fact]
    public async Task Page_OfAVerifiedLog_HasWhatWasUsed()
    {
        _audit.Write(ReportCommandTests.SomeUse());

        var page = await PageAsync("--public-key", _audit.PublicKey);

        Assert.Contains("<p class=\"badge verified\">Verified: records 0 to 11", page, StringComparison.Ordinal);
        Assert.Contains("<div class=\"name\">Requests</div><div class=\"value\">5</div>", page, StringComparison.Ordinal);
        Assert.Contains("<bdi>bank</bdi>", page, StringComparison.Ordinal);
        Assert.Contains("<title>2026-10-02: 4 requests, 2 answered, 1 refused, 1 failed</title>", page, StringComparison.Ordinal);
        Assert.Contains("<title>key_unknown: 700</title>", page, StringComparison.Ordinal);
        Assert.Contains("9 records were lost", page, StringComparison.Ordinal);
        Assert.Contains($"<p>Log {_audit.Origin}, 12 records signed.</p>", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Page_OfALogThatWasNotVerified_SaysSo()
    {
        _audit.Write(ReportCommandTests.SomeUse());

        Assert.Contains("<p class=\"badge unverified\">NOT VERIFIED", await PageAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("\"><img src=x onerror=alert(1)>")]
    [InlineData("' onload='alert(1)")]
    [InlineData("</title></svg></style><script>x</script>")]
    [InlineData("{0} {1:x} &lt;b&gt;")]
    public async Task Page_HostileNames_StayText(string name)
    {
        _audit.Write(AuditFixture.Decision(caller: name, model: name, rule: name));

        var page = await PageAsync();

        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<img", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("' onload", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>", page, StringComparison.Ordinal);
        Assert.Contains($"<bdi>{System.Text.Encodings.Web.HtmlEncoder.Default.Encode(name)}</bdi>", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Page_NamesThatTurnTextAround_AreDisarmed()
    {
        _audit.Write(AuditFixture.Decision(caller: "\u202Egnp.exe\e[2J", model: "מודל"));

        var page = await PageAsync();

        Assert.DoesNotContain('\u202E', page);
        Assert.DoesNotContain('\e', page);
        Assert.Contains("<bdi>מודל</bdi>", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Page_EmptyLog_SaysThatThereIsNothing()
    {
        _audit.Write(AuditFixture.Of(SecureInference.Pipeline.Auditing.AuditRecordKind.Start));

        Assert.Contains("No request of a known caller lies in this period.", await PageAsync(), StringComparison.Ordinal);
    }

    [GeneratedRegex("<script|<link|<iframe|<object|\\bon[a-z]+=|style=\"|(src|href)=|@import|url\\(|https?:")]
    private static partial Regex Outside();

    private async Task<string> PageAsync(params string[] more)
    {
        var file = _audit.PathOf("report.html");
        var answer = await _audit.RunAsync(["report", _audit.Log, "--html", file, .. more]);
        Assert.Equal(0, answer.ExitCode);
        return await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
    }
}
