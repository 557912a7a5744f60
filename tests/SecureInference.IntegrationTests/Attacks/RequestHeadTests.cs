using System.Text;

namespace SecureInference.IntegrationTests.Attacks;

/// <summary>Request lines and headers that no honest client sends: refused by the server before any guard, and the connection closed.</summary>
public sealed class RequestHeadTests(EchoAppFixture fixture) : IClassFixture<EchoAppFixture>
{
    private const string Hidden = "GET /v2/health/live HTTP/1.1\r\nHost: hidden\r\n\r\n";
    private const string Line = $"POST {EchoApp.InferPath} HTTP/1.1\r\n";
    private const string Host = "Host: localhost\r\n";

    private static readonly Dictionary<string, string> Cases = new()
    {
        ["FoldedHeader"] = $"{Line}{Host}x-note: a\r\n b\r\n",
        ["FoldedKey"] = $"{Line}{Host}x-api-key:\r\n\tKEY\r\n",
        ["NulInValue"] = $"{Line}{Host}x-note: a\0b\r\n",
        ["NulInName"] = $"{Line}{Host}x-no\0te: a\r\n",
        ["NulInPath"] = $"POST /v2/models/fake\0/infer HTTP/1.1\r\n{Host}",
        ["EncodedNulInPath"] = $"POST /v2/models/fake%00/infer HTTP/1.1\r\n{Host}",
        ["CarriageReturnInValue"] = $"{Line}{Host}x-note: a\rb\r\n",
        ["NoColon"] = $"{Line}{Host}x-note\r\n",
        ["EmptyName"] = $"{Line}{Host}: a\r\n",
        ["SpaceInName"] = $"{Line}{Host}x note: a\r\n",
        ["SpaceBeforeFirstHeader"] = $"{Line} x-note: a\r\n{Host}",
        ["NoHost"] = Line,
        ["TwoHosts"] = $"{Line}{Host}Host: other\r\n",
        ["HostWithPath"] = $"{Line}Host: localhost/v2\r\n",
        ["HostWithSpace"] = $"{Line}Host: local host\r\n",
        ["HostUnlikeTheAbsoluteForm"] = $"POST http://other:1{EchoApp.InferPath} HTTP/1.1\r\n{Host}",
        ["NoVersion"] = $"POST {EchoApp.InferPath}\r\n{Host}",
        ["UnknownVersion"] = $"POST {EchoApp.InferPath} HTTP/9.9\r\n{Host}",
        ["PathWithSpace"] = $"POST /v2/models/fake /infer HTTP/1.1\r\n{Host}",
        ["PathWithoutSlash"] = $"POST v2/models/fake/infer HTTP/1.1\r\n{Host}",
        ["InvalidVerb"] = $"PO(ST {EchoApp.InferPath} HTTP/1.1\r\n{Host}",
        ["HugeHeader"] = $"{Line}{Host}x-note: {new string('a', 1 << 20)}\r\n",
        ["ManyHeaders"] = $"{Line}{Host}{Many(10_000)}",
        ["HugePath"] = $"POST /v2/models/{new string('a', 1 << 20)}/infer HTTP/1.1\r\n{Host}",
        ["HugeQuery"] = $"POST {EchoApp.InferPath}?{new string('a', 1 << 20)} HTTP/1.1\r\n{Host}",
        ["TlsHello"] = "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    };

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Infer_MalformedHead_IsRefusedOnceAndTheConnectionClosed(string name)
    {
        var runs = fixture.Model.Runs;
        var head = Cases[name].Replace("KEY", fixture.App.Key, StringComparison.Ordinal);
        var request = $"{head}x-api-key: {fixture.App.Key}\r\nContent-Length: {EchoApp.Body.Length}\r\n\r\n{EchoApp.Body}{Hidden}";

        var answers = await RawClient.ExchangeAsync(fixture.App.Address, request, TestContext.Current.CancellationToken);

        Assert.Contains(Assert.Single(RawClient.Statuses(answers)), new[] { 400, 414, 431, 505 });
        Assert.Equal(runs, fixture.Model.Runs);
    }

    [Theory]
    [InlineData("HugeHeader", 431)]
    [InlineData("ManyHeaders", 431)]
    [InlineData("HugePath", 414)]
    public async Task Infer_TooLargeHead_SaysWhatIsTooLarge(string name, int status)
    {
        var answers = await RawClient.ExchangeAsync(fixture.App.Address, Cases[name] + "\r\n", TestContext.Current.CancellationToken);

        Assert.Equal([status], RawClient.Statuses(answers));
    }

    [Fact]
    public async Task Infer_Http2WithoutTls_IsClosedWithoutAnAnswer()
    {
        var answers = await RawClient.ExchangeAsync(fixture.App.Address, $"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n{Hidden}", TestContext.Current.CancellationToken);

        Assert.Empty(RawClient.Statuses(answers));
    }

    [Fact]
    public async Task Infer_SecondRequestOnTheConnectionWithoutCredential_IsRefused()
    {
        var runs = fixture.Model.Runs;
        var first = $"{Line}{Host}x-api-key: {fixture.App.Key}\r\nContent-Length: {EchoApp.Body.Length}\r\n\r\n{EchoApp.Body}";
        var second = $"{Line}{Host}Connection: close\r\nContent-Length: {EchoApp.Body.Length}\r\n\r\n{EchoApp.Body}";

        var answers = await RawClient.ExchangeAsync(fixture.App.Address, first + second, TestContext.Current.CancellationToken);

        Assert.Equal([200, 401], RawClient.Statuses(answers));
        Assert.Equal(runs + 1, fixture.Model.Runs);
    }

    private static string Many(int count)
    {
        var headers = new StringBuilder();
        for (var index = 0; index < count; index++)
        {
            headers.Append("x-").Append(index).Append(": a\r\n");
        }

        return headers.ToString();
    }
}
