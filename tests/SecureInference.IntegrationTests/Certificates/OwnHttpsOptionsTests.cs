using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using SecureInference.TestSupport.Certificates;

namespace SecureInference.IntegrationTests.Certificates;

/// <summary>What the docs say of apps that set HTTPS up themselves.</summary>
public sealed class OwnHttpsOptionsTests
{
    [Fact]
    public async Task Infer_AppChangesTheOptions_CertificatesAreStillAskedFor()
    {
        await using var app = await CertificateApp.StartAsync(kestrel: static (app, options) =>
            options.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(https => https.ServerCertificate = app.Server)));
        using var certificate = app.Intermediate.Issue(Leaf.Of(Leaf.Checkout));
        using var client = app.Connect(certificate, HttpVersion.Version11, app.Intermediate.Certificate);

        Assert.Equal(HttpStatusCode.OK, await CertificateApp.InferAsync(client));
    }

    [Fact]
    public async Task Infer_AppHasOptionsOfItsOwnAsTheDocsSay_CertificatesAreJudged()
    {
        await using var app = await CertificateApp.StartAsync(kestrel: static (app, options) =>
            options.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(Own(app.Server))));
        using var good = app.Root.Issue(Leaf.Of(Leaf.Checkout));
        using var bad = TestAuthority.IssueSelfSigned(Leaf.Of(Leaf.Checkout));
        using var client = app.Connect(good);
        using var stranger = app.Connect(bad);

        Assert.Equal(HttpStatusCode.OK, await CertificateApp.InferAsync(client));
        Assert.Equal(HttpStatusCode.Forbidden, await CertificateApp.InferAsync(stranger));
    }

    private static HttpsConnectionAdapterOptions Own(X509Certificate2 certificate) => new()
    {
        ServerCertificate = certificate,
        ClientCertificateMode = ClientCertificateMode.AllowCertificate,
        ClientCertificateValidation = static (_, _, _) => true,
        OnAuthenticate = static (_, tls) => tls.CertificateChainPolicy = new X509ChainPolicy
        {
            DisableCertificateDownloads = true,
            RevocationMode = X509RevocationMode.NoCheck,
        },
    };
}
