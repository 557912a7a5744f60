using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SecureInference.TestSupport.Certificates;

namespace SecureInference.IntegrationTests.Certificates;

/// <summary>A proxy ends TLS, and says which certificate its client has shown.</summary>
public sealed class ForwardedCertificateTests
{
    private const string Header = "X-Forwarded-Client-Cert";

    [Theory]
    [InlineData("{0}")]
    [InlineData("Hash={1};Cert=\"{0}\";Subject=\"\";URI=spiffe://prod/ns/shop/sa/checkout")]
    [InlineData("Cert=\"forged\";URI=spiffe://prod/ns/shop/sa/admin,By=spiffe://prod/edge;Hash={1};Cert=\"{0}\"")]
    public async Task Infer_GoodCertificateFromAListedProxy_IsServed(string format)
    {
        await using var app = await StartAsync("127.0.0.1");
        using var certificate = app.Root.Issue(Leaf.Of(Leaf.Checkout));

        Assert.Equal(HttpStatusCode.OK, await AskAsync(app, Format(format, certificate)));

        var records = await app.App.StopAndReadAuditAsync();
        Assert.Contains(records, static record => record.ToString().Contains(Leaf.Checkout, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("URI=spiffe://prod/ns/shop/sa/checkout")]
    [InlineData("Hash=00;Cert=\"{0}\"")]
    [InlineData("Cert=\"{0}\",URI=spiffe://prod/ns/shop/sa/checkout")]
    public async Task Infer_MalformedHeaderFromAListedProxy_Is403(string format)
    {
        await using var app = await StartAsync("127.0.0.1");
        using var certificate = app.Root.Issue(Leaf.Of(Leaf.Checkout));

        Assert.Equal(HttpStatusCode.Forbidden, await AskAsync(app, Format(format, certificate)));
        Assert.Equal(0, app.Model.Runs);
    }

    [Fact]
    public async Task Infer_CertificateOfNobodyFromAListedProxy_Is403()
    {
        await using var app = await StartAsync("127.0.0.1");
        using var certificate = TestAuthority.IssueSelfSigned(Leaf.Of(Leaf.Checkout));

        Assert.Equal(HttpStatusCode.Forbidden, await AskAsync(app, Format("{0}", certificate)));
    }

    [Fact]
    public async Task Infer_GoodCertificateFromAnybodyElse_IsIgnored()
    {
        await using var app = await StartAsync("10.0.0.7");
        using var certificate = app.Root.Issue(Leaf.Of(Leaf.Checkout));

        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(app, Format("{0}", certificate)));
        Assert.Equal(0, app.Model.Runs);
    }

    [Fact]
    public async Task Infer_ProxyHasAnAllowedCertificateItself_DoesNotLendIt()
    {
        await using var app = await StartAsync("127.0.0.1");
        using var certificate = app.Root.Issue(Leaf.Of(Leaf.Checkout));
        using var other = app.Root.Issue(Leaf.Of("spiffe://test/x"));

        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(app, header: null, certificate));
        Assert.Equal(HttpStatusCode.Forbidden, await AskAsync(app, Format("{0}", other), certificate));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(app, Format("{0}", certificate), other));
    }

    [Fact]
    public async Task Ask_OwnEndpointOfTheApp_ProxyDoesNotLendItsCertificateEither()
    {
        await using var app = await StartAsync("127.0.0.1");
        using var certificate = app.Root.Issue(Leaf.Of(Leaf.Checkout));
        using var proxy = app.Connect(certificate);
        using var alone = await proxy.GetAsync("/own", TestContext.Current.CancellationToken);
        proxy.DefaultRequestHeaders.Add(Header, Format("{0}", certificate));
        using var forwarded = await proxy.GetAsync("/own", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Unauthorized, alone.StatusCode);
        Assert.Equal(Leaf.Checkout, await forwarded.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Start_HeaderWithoutProxies_IsStopped()
    {
        var problem = await Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync(proxy: null));

        Assert.Contains("List the proxies in SecureInference:Arrival:KnownProxies", problem.Message, StringComparison.Ordinal);
    }

    private static Task<CertificateApp> StartAsync(string? proxy) => CertificateApp.StartAsync(prepare: (_, settings) =>
    {
        settings["ClientCertificates:ForwardedHeader"] = Header;
        if (proxy is not null)
        {
            settings["Arrival:KnownProxies:0"] = proxy;
        }
    });

    private static string Format(string format, X509Certificate2 certificate) => format
        .Replace("{0}", Uri.EscapeDataString(certificate.ExportCertificatePem()), StringComparison.Ordinal)
        .Replace("{1}", certificate.GetCertHashString(HashAlgorithmName.SHA256), StringComparison.Ordinal);

    private static async Task<HttpStatusCode> AskAsync(CertificateApp app, string? header, X509Certificate2? certificate = null)
    {
        using var client = app.Connect(certificate);
        if (header is not null)
        {
            client.DefaultRequestHeaders.TryAddWithoutValidation(Header, header);
        }

        return await CertificateApp.InferAsync(client);
    }
}
