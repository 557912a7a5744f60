using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using SecureInference.IntegrationTests.Attacks;
using SecureInference.TestSupport.Certificates;

namespace SecureInference.IntegrationTests.Certificates;

public sealed class ClientCertificateTests : IAsyncLifetime
{
    private CertificateApp? _app;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private CertificateApp App => _app ?? throw new InvalidOperationException("Nothing was started.");

    public async ValueTask InitializeAsync() => _app = await CertificateApp.StartAsync();

    public ValueTask DisposeAsync() => App.DisposeAsync();

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task Infer_WorkloadOfOurRoot_IsServedAndRecorded(string version)
    {
        using var certificate = App.Root.Issue(Leaf.Of(Leaf.Checkout));
        using var client = App.Connect(certificate, Version.Parse(version));

        Assert.Equal(HttpStatusCode.OK, await CertificateApp.InferAsync(client));

        var records = await App.App.StopAndReadAuditAsync();
        Assert.Contains(records, static record => record.TryGetProperty("caller", out var caller) && caller.ToString().Contains(Leaf.Checkout, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Infer_NoCertificate_Is401AndWithAKeyANormalCaller()
    {
        using var client = App.Connect(certificate: null);

        Assert.Equal(HttpStatusCode.Unauthorized, await CertificateApp.InferAsync(client));
        using var answer = await client.GetAsync("/v2", TestContext.Current.CancellationToken);
        Assert.Contains("; or a client certificate with the connection.", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        client.DefaultRequestHeaders.Add("x-api-key", App.App.Key);
        Assert.Equal(HttpStatusCode.OK, await CertificateApp.InferAsync(client));
    }

    [Fact]
    public async Task Infer_CertificateBesideAnotherCallersKey_Is400()
    {
        using var certificate = App.Root.Issue(Leaf.Of(Leaf.Checkout));
        using var client = App.Connect(certificate);
        client.DefaultRequestHeaders.Add("x-api-key", App.App.Key);

        Assert.Equal(HttpStatusCode.BadRequest, await CertificateApp.InferAsync(client));
        Assert.Equal(0, App.Model.Runs);
    }

    [Fact]
    public async Task Infer_BadCertificateBesideAGoodKey_Is403()
    {
        using var certificate = TestAuthority.IssueSelfSigned(Leaf.Of(Leaf.Checkout));
        using var client = App.Connect(certificate);
        client.DefaultRequestHeaders.Add("x-api-key", App.App.Key);

        Assert.Equal(HttpStatusCode.Forbidden, await CertificateApp.InferAsync(client));
        Assert.Equal(0, App.Model.Runs);
    }

    [Fact]
    public async Task Infer_EachCertificateThatIsNotAccepted_IsRefusedWithTheSameBody()
    {
        using var other = TestAuthority.CreateRoot();
        var now = TimeProvider.System.GetUtcNow();
        var good = Leaf.Of(Leaf.Checkout);
        (X509Certificate2 Certificate, string Reason)[] cases =
        [
            (other.Issue(good), "certificate_untrusted"),
            (TestAuthority.IssueSelfSigned(good), "certificate_untrusted"),
            (App.Intermediate.Issue(good), "certificate_untrusted"),
            (App.Root.Issue(good with { NotBefore = now.AddDays(-3), NotAfter = now.AddDays(-2) }), "certificate_expired"),
            (App.Root.Issue(good with { NotBefore = now.AddDays(1), NotAfter = now.AddDays(2) }), "certificate_not_yet_valid"),
            (App.Root.Issue(Leaf.Of(Leaf.Checkout, "spiffe://prod/ns/shop/sa/other")), "certificate_malformed"),
            (App.Root.Issue(good with { IsAuthority = true }), "certificate_usage"),
            (App.Root.Issue(good with { KeyUsage = X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyCertSign }), "certificate_usage"),
            (App.Root.Issue(good with { Purposes = [Leaf.ServerAuthentication] }), "certificate_usage"),
            (App.Root.Issue(Leaf.Of("spiffe://test/ns/shop/sa/checkout")), "certificate_subject"),
            (App.Root.Issue(new Leaf { CommonName = Leaf.Checkout }), "certificate_subject"),
        ];
        var bodies = new HashSet<string>();
        foreach (var (certificate, reason) in cases)
        {
            using var owned = certificate;
            using var client = App.Connect(certificate);
            using var content = EchoApp.Content();
            using var answer = await client.PostAsync(EchoApp.InferPath, content, Cancelled);
            var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancelled)).RootElement;

            Assert.True(answer.StatusCode == HttpStatusCode.Forbidden, $"{reason} is answered with {answer.StatusCode}.");
            bodies.Add(string.Join('|', body.EnumerateObject().Where(static member => member.Name != "traceId").Select(static member => $"{member.Name}={member.Value}")));
        }

        Assert.Equal("type=urn:secureinference:error:credential_rejected|title=Forbidden|status=403|detail=The client certificate is not accepted.|error=The client certificate is not accepted.", Assert.Single(bodies));
        Assert.Equal(0, App.Model.Runs);
        var audit = string.Join('\n', await App.App.StopAndReadAuditAsync());
        Assert.All(cases.Select(static each => each.Reason).Distinct(), reason => Assert.Contains(reason, audit, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task Infer_IntermediateThatIsSent_LeadsToTheRoot(string version)
    {
        using var certificate = App.Intermediate.Issue(Leaf.Of(Leaf.Checkout));
        using var client = App.Connect(certificate, Version.Parse(version), App.Intermediate.Certificate);

        Assert.Equal(HttpStatusCode.OK, await CertificateApp.InferAsync(client));
    }

    [Fact]
    public async Task Infer_ConnectionsThatFollowAnother_SendTheIntermediateEachTime()
    {
        // A session that was taken up again would come without it.
        using var certificate = App.Intermediate.Issue(Leaf.Of(Leaf.Checkout));
        for (var connection = 0; connection < 3; connection++)
        {
            using var client = App.Connect(certificate, HttpVersion.Version11, App.Intermediate.Certificate);

            Assert.Equal(HttpStatusCode.OK, await CertificateApp.InferAsync(client));
        }
    }

    [Fact]
    public async Task Connect_CertificateNamesAnAddressToFetchItsIssuerFrom_IsNotFollowed()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var place = new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/issuer.der");
        var access = new X509AuthorityInformationAccessExtension([], [place.AbsoluteUri]);
        var points = CertificateRevocationListBuilder.BuildCrlDistributionPointExtension([place.AbsoluteUri]);
        using var certificate = App.Intermediate.Issue(Leaf.Of(Leaf.Checkout) with { More = [access, points] });
        using var client = App.Connect(certificate);

        Assert.Equal(HttpStatusCode.Forbidden, await CertificateApp.InferAsync(client));
        Assert.False(listener.Pending());
    }

    [Fact]
    public async Task Infer_ForgedHeaderOnAConnectionWithoutCertificate_IsIgnored()
    {
        using var certificate = App.Root.Issue(Leaf.Of(Leaf.Checkout));
        using var client = App.Connect(certificate: null);
        client.DefaultRequestHeaders.Add("X-Forwarded-Client-Cert", Uri.EscapeDataString(certificate.ExportCertificatePem()));

        Assert.Equal(HttpStatusCode.Unauthorized, await CertificateApp.InferAsync(client));
    }

    [Fact]
    public async Task Ask_OwnEndpointOfTheApp_KnowsTheWorkload()
    {
        using var certificate = App.Root.Issue(Leaf.Of(Leaf.Checkout));
        using var client = App.Connect(certificate);

        Assert.Equal(Leaf.Checkout, await client.GetStringAsync("/own", Cancelled));
    }
}
