using System.Text;
using SecureInference.TestSupport;

namespace SecureInference.IntegrationTests.Attacks;

/// <summary>Hostile credentials: opaque bytes that are compared and forgotten, and never stand in a log.</summary>
public sealed class CredentialHeaderTests
{
    private const string Mark = "mArk3d";
    private static readonly string[] Names = ["x-api-key", "X-API-KEY", "Authorization"];

    private static readonly string[] Values =
    [
        Mark,
        $"\"{Mark}\"",
        $"'{Mark}' OR '1'='1' --",
        $"{Mark}; DROP TABLE keys; --",
        $"{Mark}\0",
        $"\0{Mark}",
        $"{Mark}\r\nx-api-key: KEY{Mark}",
        Mark + new string('a', 64 * 1024),
        Mark + new string('a', 8 * 1024),
        $"{Mark}\u00c3\u00a9\u00f0\u009f\u0094\u0091",
        $"{Mark}\u00ff\u00fe",
        $"{Mark}%s%n%x{{0}}${{jndi:ldap://x}}",
        $"Bearer {Mark}",
        $"Bearer  {Mark}",
        $"Bearer {Mark} {Mark}",
        $"Bearer\t{Mark}",
        $"bearer si_live_{Mark}",
        $"Bearer si_live_{Mark}_{new string('0', 49)}",
        $"Bearer eyJhbGciOiJub25lIn0.{Mark}.",
        "Bearer",
        "Bearer ",
        $"Basic {Mark}",
        $"Basic dXNlcjpwYXNz{Mark}",
        $"Negotiate {Mark}",
        $"Digest username=\"{Mark}\"",
        $"si_live_{Mark}",
        $"si_live_000000000000_{Mark}",
        $"KEY{Mark}",
        $"KEY,{Mark}",
        $"KEY KEY{Mark}",
        "",
        " ",
    ];

    [Fact]
    public async Task Infer_HostileCredentials_AreRefusedAndNeverLogged()
    {
        var model = FakeModel.Echo();
        await using var app = await EchoApp.StartAsync(model);

        var statuses = new List<int>();
        foreach (var header in Names.SelectMany(static name => Values.Select(value => $"{name}: {value}")))
        {
            statuses.AddRange(RawClient.Statuses(await SendAsync(app, header.Replace("KEY", app.Key, StringComparison.Ordinal), EchoApp.Body)).Take(1));
        }

        Assert.Equal(Names.Length * Values.Length, statuses.Count);
        Assert.All(statuses, static status => Assert.InRange(status, 400, 499));
        Assert.Equal(0, model.Runs);
        await AssertSilentAsync(app);
    }

    [Fact]
    public async Task Infer_EverySingleByteInAKey_IsRefused()
    {
        var model = FakeModel.Echo();
        await using var app = await EchoApp.StartAsync(model);

        for (var value = 0; value < 256; value++)
        {
            // Blanks around a value are no part of it, and a comma or a line end makes two of it.
            var key = app.Key[..30] + (char)value + app.Key[31..];
            if (key != app.Key)
            {
                Assert.All(RawClient.Statuses(await SendAsync(app, $"x-api-key: {key}", EchoApp.Body)), static status => Assert.InRange(status, 400, 499));
            }
        }

        Assert.Equal(0, model.Runs);
        await AssertSilentAsync(app);
    }

    [Theory]
    [InlineData("""{"inputs":[{"name":"x","shape":[1,4],"datatype":"FP32","data":[31337.25,2,3,4]}]}""", 200)]
    [InlineData("""{"id":"mArk3d","inputs":[{"name":"x","shape":[1,4],"datatype":"FP32","data":[1,2,3,4]}]}""", 200)]
    [InlineData("""{"inputs":[{"name":"mArk3d","shape":[1,4],"datatype":"FP32","data":[1,2,3,4]}]}""", 400)]
    [InlineData("""{"inputs":[{"name":"x","shape":[1,4],"datatype":"mArk3d","data":[1,2,3,4]}]}""", 400)]
    [InlineData("""{"inputs":[{"name":"x","shape":[1,4],"datatype":"FP32","data":["mArk3d",2,3,4]}]}""", 400)]
    [InlineData("""{"inputs":[{"name":"x","shape":[1,4],"datatype":"FP32","data":[31337.25,2,3,4,5]}]}""", 400)]
    [InlineData("""{"mArk3d":31337.25,"inputs":[],"inputs":[]}""", 400)]
    [InlineData("""{"mArk3d""", 400)]
    [InlineData("mArk3d", 400)]
    public async Task Infer_Payload_IsNeverLogged(string body, int status)
    {
        await using var app = await EchoApp.StartAsync(FakeModel.Echo());

        var answer = await SendAsync(app, $"x-api-key: {app.Key}", body);

        Assert.Equal([status], RawClient.Statuses(answer));
        await AssertSilentAsync(app);
    }

    [Fact]
    public async Task Infer_ModelFails_TellsNobodyWhatItHeld()
    {
        var model = FakeModel.Create(
            [new TensorSpec("x", TensorDataType.Float32, [-1, 4])],
            [new TensorSpec("y", TensorDataType.Float32, [-1, 4])],
            static (_, _) => throw new InvalidOperationException("the model's own words"));
        await using var app = await EchoApp.StartAsync(model);

        var answer = await SendAsync(app, $"x-api-key: {app.Key}", EchoApp.Body.Replace("[1,2", "[31337.25,2", StringComparison.Ordinal));

        Assert.Equal([500], RawClient.Statuses(answer));
        Assert.DoesNotContain("own words", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", answer, StringComparison.Ordinal);
        await AssertSilentAsync(app);
    }

    private static Task<string> SendAsync(GuardedApp app, string header, string body) => RawClient.ExchangeAsync(
        app.Address,
        $"POST {EchoApp.InferPath} HTTP/1.1\r\nHost: localhost\r\n{header}\r\nConnection: close\r\nContent-Length: {body.Length}\r\n\r\n{body}",
        TestContext.Current.CancellationToken);

    private static async Task AssertSilentAsync(GuardedApp app)
    {
        var secret = app.Key[21..];
        await app.StopAndReadAuditAsync();
        var written = new StringBuilder(AuditFiles.ReadText(app.AuditFolder));
        written.AppendJoin('\n', app.Log.Entries.Select(static entry => entry.Message));
        foreach (var text in new[] { Mark, "31337.2", secret, secret[..20] })
        {
            Assert.DoesNotContain(text, written.ToString(), StringComparison.OrdinalIgnoreCase);
        }
    }
}
