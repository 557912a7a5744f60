using System.Net;
using System.Security.Cryptography.X509Certificates;
using SecureInference.IntegrationTests.Attacks;
using SecureInference.TestSupport;
using SecureInference.TestSupport.Certificates;

namespace SecureInference.IntegrationTests.Proxies;

/// <summary>A real proxy that ends TLS hands on the certificates of its clients, configured as the docs say.</summary>
public sealed class NginxCertificateTests
{
    private const string Loopback = "127.0.0.1";
    private const string Ask = "ssl_verify_client optional_no_ca;";
    private const string HandOn = "proxy_set_header X-Forwarded-Client-Cert $ssl_client_escaped_cert;";

    [Fact]
    public async Task Send_CertificatesOfClients_AreJudgedByTheApp()
    {
        Assert.SkipWhen(Nginx.Program is null, "nginx is not installed.");
        using var folder = new TestFolder();
        using var root = TestAuthority.CreateRoot();
        using var good = root.Issue(Leaf.Of(Leaf.Checkout));
        using var bad = TestAuthority.IssueSelfSigned(Leaf.Of(Leaf.Checkout));
        await File.WriteAllTextAsync(folder.File("ca.pem"), root.Pem, TestContext.Current.CancellationToken);
        await using var app = await EchoApp.StartAsync(FakeModel.Echo(), settings: new Dictionary<string, string?>
        {
            ["Arrival:KnownProxies:0"] = Loopback,
            ["ClientCertificates:TrustBundle"] = folder.File("ca.pem"),
            ["ClientCertificates:AllowedSubjects:0"] = "spiffe://prod/ns/shop/sa/*",
            ["ClientCertificates:ForwardedHeader"] = "X-Forwarded-Client-Cert",
        });
        var docs = await File.ReadAllTextAsync(Path.Combine(Checkout.Docs, "client-certificates.md"), TestContext.Current.CancellationToken);
        Assert.Contains(Ask, docs, StringComparison.Ordinal);
        Assert.Contains(HandOn, docs, StringComparison.Ordinal);
        using var nginx = await Nginx.StartAsync(app.Address, ("server_name serving.example.com;", Ask), ("proxy_set_header   Host $host;", HandOn));

        Assert.Equal(HttpStatusCode.OK, await SendAsync(nginx, good));
        Assert.Equal(HttpStatusCode.Forbidden, await SendAsync(nginx, bad));
        Assert.Equal(HttpStatusCode.Unauthorized, await SendAsync(nginx, certificate: null));
        Assert.Equal(HttpStatusCode.Unauthorized, await SendAsync(nginx, certificate: null, forged: good));
        Assert.Equal(HttpStatusCode.Forbidden, await SendAsync(nginx, bad, forged: good));
    }

    private static async Task<HttpStatusCode> SendAsync(Nginx nginx, X509Certificate2? certificate, X509Certificate2? forged = null)
    {
        using var client = nginx.CreateClient(Loopback, certificate);
        if (forged is not null)
        {
            client.DefaultRequestHeaders.Add("X-Forwarded-Client-Cert", Uri.EscapeDataString(forged.ExportCertificatePem()));
        }

        using var content = EchoApp.Content();
        using var answer = await client.PostAsync(EchoApp.InferPath, content, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }
}
