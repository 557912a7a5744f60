using SecureInference.TestSupport.Certificates;

namespace SecureInference.Tests.Pipeline.Authentication.ClientCertificates;

public sealed class ClientCertificateReaderTests : IDisposable
{
    private readonly TrustHarness _harness = new();

    public void Dispose() => _harness.Dispose();

    [Fact]
    public async Task Read_NoCertificate_SaysNothing()
    {
        await _harness.OpenAsync();

        var found = _harness.Reader.Read(TrustHarness.Request(certificate: null));

        Assert.Null(found.Caller ?? found.Error ?? (object?)found.Check);
    }

    [Fact]
    public async Task Read_CertificateThatWasJudgedBefore_AllocatesNothing()
    {
        _harness.Options.CertificateRevocationLists = ["root.crl"];
        _harness.Write("root.crl", _harness.Root.List());
        await _harness.OpenAsync();
        using var certificate = _harness.Root.Issue(Leaf.Of(Leaf.Checkout));
        var http = TrustHarness.Request(certificate);
        var caller = _harness.Reader.Read(http).Caller;
        Assert.NotNull(caller);

        var least = long.MaxValue;
        for (var round = 0; round < 20; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var request = 0; request < 100; request++)
            {
                var found = _harness.Reader.Read(http);
                _ = found.Check?.Recheck(caller);
            }

            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);
        Assert.Same(caller, _harness.Reader.Read(http).Caller);
    }

    [Fact]
    public async Task Read_DnsNames_AreMatchedInSmallLetters()
    {
        _harness.Options.AllowedSubjects = ["*.internal.example"];
        await _harness.OpenAsync();
        using var certificate = _harness.Root.Issue(Leaf.OfHost("other.example", "Checkout.Internal.example"));

        Assert.Equal("checkout.internal.example", _harness.Read(certificate).Caller?.Subject);
        Assert.Equal("certificate_subject", _harness.ReasonOf(Leaf.OfHost("*.internal.example")));
        Assert.Equal("certificate_subject", _harness.ReasonOf(Leaf.OfHost("internal.example")));
        Assert.Equal("certificate_subject", _harness.ReasonOf(new Leaf { CommonName = "checkout.internal.example" }));
    }

    [Fact]
    public async Task Read_SpiffeIdBesideADnsName_OnlyTheIdCounts()
    {
        _harness.Options.AllowedSubjects = ["*.internal.example"];
        await _harness.OpenAsync();

        Assert.Equal("certificate_subject", _harness.ReasonOf(Leaf.Of(Leaf.Checkout) with { DnsNames = ["checkout.internal.example"] }));
    }

    [Fact]
    public async Task Read_SubjectsWithRightsOfTheirOwn_ComeFirstAndInOrder()
    {
        _harness.Options.Scopes = ["model:*:read"];
        _harness.Options.Subjects =
        [
            new() { Subject = "spiffe://prod/ns/shop/sa/checkout", Scopes = ["model:digits:infer"], Tier = "gold" },
            new() { Subject = "spiffe://prod/ns/*/sa/*", Scopes = ["admin"] },
        ];
        _harness.Options.AllowedSubjects = ["spiffe://prod/ns/shop/sa/*", "spiffe://prod/ns/shop/job/*"];
        await _harness.OpenAsync();

        Assert.Equal(("model:digits:infer", "gold"), RightsOf(Leaf.Checkout));
        Assert.Equal(("admin", null), RightsOf("spiffe://prod/ns/shop/sa/other"));
        Assert.Equal(("model:*:read", null), RightsOf("spiffe://prod/ns/shop/job/nightly"));
    }

    [Fact]
    public async Task Read_CertificateOfAProxyThatIsListed_NamesNobody()
    {
        await _harness.OpenAsync();
        using var certificate = _harness.Root.Issue(Leaf.Of(Leaf.Checkout));
        var http = TrustHarness.Request(certificate, byProxy: true);

        var found = _harness.Reader.Read(http);

        Assert.Null(found.Caller ?? (object?)found.Error);
        Assert.Null(_harness.Reader.Find(http));
        Assert.Same(certificate, _harness.Reader.Find(TrustHarness.Request(certificate)));
    }

    [Fact]
    public async Task Read_ForwardedByAListedProxy_IsTheClient()
    {
        _harness.Options.ForwardedHeader = "X-Forwarded-Client-Cert";
        await _harness.OpenAsync();
        using var certificate = _harness.Root.Issue(Leaf.Of(Leaf.Checkout));
        using var proxy = _harness.Root.Issue(Leaf.Of("spiffe://prod/ns/shop/sa/proxy"));
        var http = TrustHarness.Request(proxy, byProxy: true);
        http.Request.Headers["X-Forwarded-Client-Cert"] = $"By=spiffe://prod/ns/edge/sa/proxy;Cert=\"{Uri.EscapeDataString(certificate.ExportCertificatePem())}\"";

        var found = _harness.Reader.Read(http);

        Assert.Equal(Leaf.Checkout, found.Caller?.Subject);
        Assert.Equal(certificate, _harness.Reader.Find(http));
        Assert.Same(found.Caller, _harness.Reader.Read(http).Caller);
    }

    [Fact]
    public async Task Read_ForwardedByAnybodyElse_IsIgnored()
    {
        _harness.Options.ForwardedHeader = "X-Forwarded-Client-Cert";
        await _harness.OpenAsync();
        using var certificate = _harness.Root.Issue(Leaf.Of(Leaf.Checkout));
        var http = TrustHarness.Request(certificate: null);
        http.Request.Headers["X-Forwarded-Client-Cert"] = Uri.EscapeDataString(certificate.ExportCertificatePem());

        Assert.Null(_harness.Reader.Read(http).Caller ?? (object?)_harness.Reader.Read(http).Error);
        Assert.Null(_harness.Reader.Find(http));
    }

    [Fact]
    public async Task Read_ForwardedWhereNoHeaderIsConfigured_IsIgnored()
    {
        await _harness.OpenAsync();
        using var certificate = _harness.Root.Issue(Leaf.Of(Leaf.Checkout));
        var http = TrustHarness.Request(certificate: null, byProxy: true);
        http.Request.Headers["X-Forwarded-Client-Cert"] = Uri.EscapeDataString(certificate.ExportCertificatePem());

        Assert.Null(_harness.Reader.Read(http).Caller ?? (object?)_harness.Reader.Read(http).Error);
    }

    [Fact]
    public async Task Read_ForwardedTwice_IsRefused()
    {
        _harness.Options.ForwardedHeader = "X-Forwarded-Client-Cert";
        await _harness.OpenAsync();
        using var certificate = _harness.Root.Issue(Leaf.Of(Leaf.Checkout));
        var value = Uri.EscapeDataString(certificate.ExportCertificatePem());
        var http = TrustHarness.Request(certificate: null, byProxy: true);
        http.Request.Headers["X-Forwarded-Client-Cert"] = new string[] { value, value };

        Assert.Equal("certificate_malformed", _harness.Reader.Read(http).Error?.Reason);
    }

    [Fact]
    public async Task Read_ForwardedAndTheBundleChanges_IsJudgedAnew()
    {
        _harness.Options.ForwardedHeader = "X-Forwarded-Client-Cert";
        await _harness.OpenAsync();
        using var other = TestAuthority.CreateRoot("other");
        using var certificate = _harness.Root.Issue(Leaf.Of(Leaf.Checkout));
        var http = TrustHarness.Request(certificate: null, byProxy: true);
        http.Request.Headers["X-Forwarded-Client-Cert"] = Uri.EscapeDataString(certificate.ExportCertificatePem());
        var found = _harness.Reader.Read(http);
        Assert.NotNull(found.Caller);

        _harness.Write("ca.pem", other.Pem);
        _harness.Poll();

        Assert.Equal("certificate_untrusted", _harness.Reader.Read(http).Error?.Reason);
        Assert.Equal("certificate_untrusted", found.Check?.Recheck(found.Caller)?.Reason);
    }

    [Fact]
    public async Task Read_MoreForwardedCertificatesThanAreRemembered_AreAllRecognised()
    {
        _harness.Options.ForwardedHeader = "X-Forwarded-Client-Cert";
        await _harness.OpenAsync();
        using var certificate = _harness.Root.Issue(Leaf.Of(Leaf.Checkout));
        var value = Uri.EscapeDataString(certificate.ExportCertificatePem());
        var http = TrustHarness.Request(certificate: null, byProxy: true);
        for (var client = 0; client < 1100; client++)
        {
            http.Request.Headers["X-Forwarded-Client-Cert"] = $"URI={client};Cert={value}";

            Assert.Equal(Leaf.Checkout, _harness.Reader.Read(http).Caller?.Subject);
        }
    }

    private (string Scopes, string? Tier) RightsOf(string id)
    {
        using var certificate = _harness.Root.Issue(Leaf.Of(id));
        var caller = _harness.Read(certificate).Caller;
        return (string.Join(' ', caller?.Scopes.Scopes ?? []), caller?.Tier);
    }
}
