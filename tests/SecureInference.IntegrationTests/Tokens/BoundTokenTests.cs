using System.Buffers.Text;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.DependencyInjection;
using SecureInference.IntegrationTests.Certificates;
using SecureInference.TestSupport;
using SecureInference.TestSupport.Certificates;

namespace SecureInference.IntegrationTests.Tokens;

/// <summary>Tokens that are bound to a certificate (RFC 8705), over real TLS with certificates of clients.</summary>
public sealed class BoundTokenTests : IDisposable
{
    private readonly FakeIssuer _issuer = new();

    public void Dispose() => _issuer.Dispose();

    [Fact]
    public async Task Infer_BoundToken_IsWorthNothingWithoutItsCertificate()
    {
        await using var app = await StartAsync();
        using var own = app.Root.Issue(Leaf.Of(Leaf.Checkout));
        using var other = app.Root.Issue(Leaf.Of("spiffe://prod/ns/shop/sa/cart"));
        var token = _issuer.Token(("cnf", new Dictionary<string, string> { ["x5t#S256"] = Base64Url.EncodeToString(SHA256.HashData(own.RawData)) }));

        Assert.Equal(HttpStatusCode.OK, await InferAsync(app, own, token));
        Assert.Equal(HttpStatusCode.Unauthorized, await InferAsync(app, other, token));
        Assert.Equal(HttpStatusCode.Unauthorized, await InferAsync(app, null, token));
        Assert.Equal(HttpStatusCode.OK, await InferAsync(app, own, token));
        Assert.Equal(2, app.Model.Runs);

        // The token names the caller; the certificate only proves that it is his.
        var records = await app.App.StopAndReadAuditAsync();
        Assert.Contains(records, static record => record.ToString().Contains("https://issuer.test|alice", StringComparison.Ordinal));
        Assert.DoesNotContain(records, static record => record.ToString().Contains(Leaf.Checkout, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Infer_BoundTokenWithItsCertificateThatIsNotAllowed_IsRefused()
    {
        await using var app = await StartAsync();
        using var own = app.Root.Issue(Leaf.Of("spiffe://prod/ns/other/sa/checkout"));
        var token = _issuer.Token(("cnf", new Dictionary<string, string> { ["x5t#S256"] = Base64Url.EncodeToString(SHA256.HashData(own.RawData)) }));

        Assert.Equal(HttpStatusCode.Forbidden, await InferAsync(app, own, token));
        Assert.Equal(0, app.Model.Runs);
    }

    [Fact]
    public async Task Infer_UnboundTokenBesideACertificateOfAnotherCaller_Is400()
    {
        await using var app = await StartAsync();
        using var own = app.Root.Issue(Leaf.Of(Leaf.Checkout));

        Assert.Equal(HttpStatusCode.BadRequest, await InferAsync(app, own, _issuer.Token()));
        Assert.Equal(HttpStatusCode.OK, await InferAsync(app, null, _issuer.Token()));
    }

    private Task<CertificateApp> StartAsync() => CertificateApp.StartAsync(
        prepare: (_, settings) =>
        {
            settings["Jwt:Issuers:0:Authority"] = _issuer.Name;
            settings["Jwt:Issuers:0:Audience"] = "inference";
        },
        add: services => services.ConfigureAll<JwtBearerOptions>(handler => handler.BackchannelHttpHandler = _issuer));

    private static async Task<HttpStatusCode> InferAsync(CertificateApp app, X509Certificate2? certificate, string token)
    {
        using var client = app.Connect(certificate);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return await CertificateApp.InferAsync(client);
    }
}
