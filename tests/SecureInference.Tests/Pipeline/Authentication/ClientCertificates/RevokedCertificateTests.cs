using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SecureInference.TestSupport.Certificates;

namespace SecureInference.Tests.Pipeline.Authentication.ClientCertificates;

/// <summary>Certificates on the team's own revocation list.</summary>
public sealed class RevokedCertificateTests : IAsyncLifetime
{
    private readonly TrustHarness _harness = new();

    public async ValueTask InitializeAsync()
    {
        _harness.Revocations.File = "revoked.json";
        Write("");
        await _harness.OpenAsync();
    }

    public ValueTask DisposeAsync()
    {
        _harness.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public void List_NamesTheCertificate_EndsOpenConnections()
    {
        using var certificate = _harness.Root.Issue(Leaf.Of(Leaf.Checkout));
        var found = _harness.Read(certificate);
        Assert.NotNull(found.Caller);

        Revoke(certificate);

        Assert.Equal("certificate_revoked", found.Check?.Recheck(found.Caller)?.Reason);
        Assert.Equal("certificate_revoked", _harness.ReasonOf(certificate));
        Assert.Null(_harness.ReasonOf(Leaf.Of(Leaf.Checkout)));

        Write("");
        _harness.Poll();

        Assert.Null(_harness.ReasonOf(certificate));
    }

    [Fact]
    public void List_NamesTheSubject_RefusesAllItsCertificates()
    {
        Assert.Null(_harness.ReasonOf(Leaf.Of(Leaf.Checkout)));

        Write($$"""{ "subject": "{{Leaf.Checkout}}" }""");
        _harness.Poll();

        Assert.Equal("certificate_revoked", _harness.ReasonOf(Leaf.Of(Leaf.Checkout)));
        Assert.Null(_harness.ReasonOf(Leaf.Of("spiffe://prod/ns/shop/sa/other")));
    }

    [Fact]
    public void List_NamesAnAuthority_RefusesWhatItHasIssued()
    {
        using var certificate = _harness.Intermediate.Issue(Leaf.Of(Leaf.Checkout));
        Assert.Null(_harness.ReasonOf(certificate, _harness.Intermediate.Certificate));

        Revoke(_harness.Intermediate.Certificate);

        Assert.Equal("certificate_revoked", _harness.ReasonOf(certificate));
        Assert.Null(_harness.ReasonOf(Leaf.Of(Leaf.Checkout)));
    }

    [Fact]
    public void List_IsTooOld_NothingIsDecided()
    {
        using var certificate = _harness.Root.Issue(Leaf.Of(Leaf.Checkout));
        Assert.Null(_harness.ReasonOf(certificate));

        _harness.Write("revoked.json", "broken");
        _harness.Poll();
        Assert.Null(_harness.ReasonOf(certificate));
        _harness.Time.Advance(_harness.Revocations.MaxStaleness);
        _harness.Poll();

        Assert.Equal(503, _harness.Read(certificate).Error?.Status);
    }

    private void Revoke(X509Certificate2 certificate)
    {
        Write($$"""{ "certificate": "{{certificate.GetCertHashString(HashAlgorithmName.SHA256)}}" }""");
        _harness.Poll();
    }

    private void Write(string row) => _harness.Write("revoked.json", $$"""{ "version": 1, "revoked": [ {{row}} ] }""");
}
