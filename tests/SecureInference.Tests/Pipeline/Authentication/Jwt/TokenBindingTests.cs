using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http;
using SecureInference.Pipeline.Authentication;
using SecureInference.Pipeline.Authentication.Jwt;

namespace SecureInference.Tests.Pipeline.Authentication.Jwt;

/// <summary>RFC 8705: a token that is bound to a certificate is worth nothing over another connection.</summary>
public sealed class TokenBindingTests
{
    private static readonly X509Certificate2 Own = Certificate("CN=own");
    private static readonly X509Certificate2 Stolen = Certificate("CN=thief");

    [Fact]
    public async Task Read_BoundToTheConnectionsCertificate_IsItsCallerAndBound()
    {
        await using var harness = await TokenHarness.StartAsync();

        var found = await harness.ReadAsync(Bound(harness), Over(Own));

        Assert.Equal("https://issuer.test|alice", found.Caller?.Subject);
        Assert.True(found.IsBound);
    }

    [Fact]
    public async Task Read_BoundTokenOverAnotherConnection_IsRefusedAlsoWhereItIsRemembered()
    {
        await using var harness = await TokenHarness.StartAsync();
        var token = Bound(harness);
        Assert.Null(await harness.ReasonAsync(token, Over(Own)));

        Assert.Equal(TokenReason.WrongCertificate, await harness.ReasonAsync(token, Over(Stolen)));
        Assert.Equal(TokenReason.WrongCertificate, await harness.ReasonAsync(token, Over(null)));
        Assert.Null(await harness.ReasonAsync(token, Over(Own)));
    }

    [Fact]
    public async Task Read_CertificateThatAProxyVouchesFor_CountsBeforeTheConnections()
    {
        await using var harness = await TokenHarness.StartAsync(certificates: new Vouched(Own));
        var token = Bound(harness);

        Assert.Null(await harness.ReasonAsync(token, Over(Stolen)));
        Assert.Null(await harness.ReasonAsync(token, Over(null)));
    }

    [Fact]
    public async Task Read_ProxyVouchesForNobody_ItsOwnCertificateProvesNothing()
    {
        await using var harness = await TokenHarness.StartAsync(certificates: new Vouched(null));

        Assert.Equal(TokenReason.WrongCertificate, await harness.ReasonAsync(Bound(harness), Over(Own)));
    }

    [Fact]
    public async Task Read_BindingIsRequired_UnboundTokensAreRefused()
    {
        await using var harness = await TokenHarness.StartAsync(static options => options.Issuers[0].RequireCertificateBinding = true);

        Assert.Equal(TokenReason.NotBound, await harness.ReasonAsync(harness.Issuer.Token(), Over(Own)));
        Assert.Null(await harness.ReasonAsync(Bound(harness), Over(Own)));
        Assert.Null(await harness.ReasonAsync(harness.Other.Token(("aud", "partners"))));
    }

    private static string Bound(TokenHarness harness) =>
        harness.Issuer.Token(("cnf", new Dictionary<string, string> { ["x5t#S256"] = Base64Url.EncodeToString(SHA256.HashData(Own.RawData)) }));

    private static DefaultHttpContext Over(X509Certificate2? certificate)
    {
        var http = new DefaultHttpContext();
        http.Connection.ClientCertificate = certificate;
        return http;
    }

    private static X509Certificate2 Certificate(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = new DateTimeOffset(2026, 11, 23, 0, 0, 0, TimeSpan.Zero);
        return new CertificateRequest(name, key, HashAlgorithmName.SHA256).CreateSelfSigned(now, now.AddDays(1));
    }

    private sealed class Vouched(X509Certificate2? certificate) : IClientCertificates
    {
        public X509Certificate2? Find(HttpContext http) => certificate;

        public Recognition Read(HttpContext http) => default;
    }
}
