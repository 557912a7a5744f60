using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using SecureInference.IntegrationTests.Tokens;
using SecureInference.TestSupport;

namespace SecureInference.IntegrationTests.Attacks;

/// <summary>Forged tokens over real sockets: none reaches the model, and all get the same answer.</summary>
public sealed class TokenTests
{
    /// <summary>What the server itself makes of a header like that, before anybody asks who it is.</summary>
    private static readonly Dictionary<string, int> RefusedEarlier = new(StringComparer.Ordinal)
    {
        ["64 KB"] = 431,
        ["line end inside"] = 400,
        ["NUL"] = 400,
        ["blank inside"] = 400,
        ["nothing"] = 400,
    };

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Infer_ForgedTokens_Are401AndNeverRun()
    {
        var model = FakeModel.Echo();
        var issuer = new FakeIssuer();
        issuer.Published = [issuer.Key, SigningKey.OfEcdsa("curve")];
        var other = new FakeIssuer("https://other.test", SigningKey.OfRsa("other"));
        await using var app = await StartAsync(model, issuer, other);

        // A blank around a header's value is no part of it.
        var attacks = TokenAttacks.All.Where(static attack => attack.Name != "blank at the end").ToArray();
        var bodies = new HashSet<string>();
        foreach (var attack in attacks)
        {
            var answer = await SendAsync(app, attack.Make(issuer, other));
            var expected = RefusedEarlier.GetValueOrDefault(attack.Name, 401);
            Assert.True(answer.StartsWith($"HTTP/1.1 {expected} ", StringComparison.Ordinal), $"'{attack.Name}' is answered with {answer}");
            if (expected == 401)
            {
                Assert.Contains("WWW-Authenticate: Bearer error=\"invalid_token\"\r\n", answer, StringComparison.Ordinal);
                bodies.Add(Anonymous(answer));
            }
        }

        Assert.Single(bodies);
        Assert.Equal(0, model.Runs);
        Assert.StartsWith("HTTP/1.1 200 ", await SendAsync(app, issuer.Token()), StringComparison.Ordinal);
        Assert.Equal(1, model.Runs);
    }

    [Fact]
    public async Task Infer_TokenIsRevokedWhileTheModelRuns_Returns401()
    {
        using var folder = new TestFolder();
        await File.WriteAllTextAsync(folder.File("revoked.json"), """{"version":1,"revoked":[]}""", Cancelled);
        var gate = new TaskCompletionSource();
        var model = FakeModel.Gated(gate.Task);
        var issuer = new FakeIssuer();
        await using var app = await StartAsync(model, issuer, issuer, folder.File("revoked.json"));
        var pending = TokenApp.InferAsync(app, issuer.Token(), Cancelled);
        await EchoApp.UntilAsync(() => Task.FromResult(model.Runs == 1), Cancelled);

        await File.WriteAllTextAsync(folder.File("revoked.json"), """{"version":1,"revoked":[{"iss":"https://issuer.test","sub":"alice"}]}""", Cancelled);
        var probe = issuer.Token(("jti", "t2"));
        await EchoApp.UntilAsync(async () => await TokenApp.DiscoverAsync(app, probe, Cancelled) == HttpStatusCode.Unauthorized, Cancelled);
        gate.SetResult();

        Assert.Equal(HttpStatusCode.Unauthorized, await pending);
        var records = await app.StopAndReadAuditAsync();
        Assert.Contains(records, static record => record.TryGetProperty("rule", out var rule) && rule.ValueEquals("token_revoked"));
    }

    [Fact]
    public async Task Infer_Token_StandsInNoLogAndNoRecord()
    {
        var issuer = new FakeIssuer();
        await using var app = await StartAsync(FakeModel.Echo(), issuer, issuer);
        var good = issuer.Token(("email", "alice@mark3d.test"));
        var bad = issuer.Token(("aud", "mark3d"));

        Assert.StartsWith("HTTP/1.1 200 ", await SendAsync(app, good), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 401 ", await SendAsync(app, bad), StringComparison.Ordinal);

        await app.StopAndReadAuditAsync();
        var written = new StringBuilder(AuditFiles.ReadText(app.AuditFolder));
        written.AppendJoin('\n', app.Log.Entries.Select(static entry => entry.Message));
        Assert.Contains("https://issuer.test|alice", written.ToString(), StringComparison.Ordinal);
        foreach (var part in good.Split('.').Concat(bad.Split('.')[1..]).Append("mark3d"))
        {
            Assert.DoesNotContain(part, written.ToString(), StringComparison.Ordinal);
        }
    }

    private static Task<GuardedApp> StartAsync(FakeModel model, FakeIssuer issuer, FakeIssuer other, string? revocations = null)
    {
        var settings = new Dictionary<string, string?>
        {
            ["Jwt:Issuers:0:Authority"] = issuer.Name,
            ["Jwt:Issuers:0:Audience"] = "inference",
            ["Revocations:File"] = revocations,
        };
        if (other != issuer)
        {
            settings["Jwt:Issuers:1:Authority"] = other.Name;
            settings["Jwt:Issuers:1:Audience"] = "partners";
        }

        return GuardedApp.StartAsync(
            guards =>
            {
                EchoApp.Add(guards, model);
                guards.AddJwtBearer(configureHandler: (configured, handler) => handler.BackchannelHttpHandler = configured.Authority == issuer.Name ? issuer : other);
            },
            settings: settings);
    }

    private static async Task<string> SendAsync(GuardedApp app, string token)
    {
        using var client = await RawClient.ConnectAsync(app.Address, Cancelled);
        await client.SendAsync(Encoding.UTF8.GetBytes(
            $"POST {EchoApp.InferPath} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\nConnection: close\r\nContent-Length: {EchoApp.Body.Length}\r\n\r\n{EchoApp.Body}"), Cancelled);
        return await client.ReadToEndAsync(Cancelled);
    }

    /// <summary>The body without what differs from answer to answer.</summary>
    private static string Anonymous(string answer)
    {
        var body = answer[answer.IndexOf('{', StringComparison.Ordinal)..];
        var trace = body.IndexOf("\"traceId\":\"", StringComparison.Ordinal) + "\"traceId\":\"".Length;
        return body.Remove(trace, 32);
    }
}
