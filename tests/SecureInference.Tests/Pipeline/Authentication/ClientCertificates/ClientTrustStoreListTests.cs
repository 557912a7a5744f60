using SecureInference.TestSupport.Certificates;

namespace SecureInference.Tests.Pipeline.Authentication.ClientCertificates;

public sealed class ClientTrustStoreListTests : IDisposable
{
    private readonly TrustHarness _harness = new();
    private readonly TestAuthority _other = TestAuthority.CreateRoot("other");

    public void Dispose()
    {
        _other.Dispose();
        _harness.Dispose();
    }

    [Fact]
    public async Task Check_ListIsMissing_StopsTheStart()
    {
        _harness.Options.CertificateRevocationLists = ["root.crl"];

        var problem = await Assert.ThrowsAsync<InvalidOperationException>(_harness.OpenAsync);

        Assert.Contains("CertificateRevocationLists:0", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_ListThatItsAuthorityHasNotSigned_StopsTheStart()
    {
        _harness.Options.CertificateRevocationLists = ["root.crl"];
        _harness.Write("root.crl", _harness.Root.List(signedBy: _other));

        var problem = await Assert.ThrowsAsync<InvalidOperationException>(_harness.OpenAsync);

        Assert.Contains("is not signed by the authority that it names", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lists_CertificateIsRevoked_EndsOpenConnections()
    {
        _harness.Options.CertificateRevocationLists = ["root.crl"];
        _harness.Write("root.crl", _harness.Root.List());
        await _harness.OpenAsync();
        using var certificate = _harness.Root.Issue(Leaf.Of(Leaf.Checkout));
        var found = _harness.Read(certificate);
        Assert.NotNull(found.Caller);

        _harness.Root.Revoke(certificate);
        _harness.Write("root.crl", _harness.Root.List());
        _harness.Poll();

        Assert.Equal("certificate_revoked", found.Check?.Recheck(found.Caller)?.Reason);
        Assert.Equal("certificate_revoked", _harness.ReasonOf(certificate));
        Assert.Null(_harness.ReasonOf(Leaf.Of(Leaf.Checkout)));
    }

    [Fact]
    public async Task Lists_IntermediateIsRevoked_RefusesWhatItIssued()
    {
        _harness.Options.CertificateRevocationLists = ["root.crl", "intermediate.crl"];
        _harness.Root.Revoke(_harness.Intermediate.Certificate);
        _harness.Write("root.crl", _harness.Root.List());
        _harness.Write("intermediate.crl", _harness.Intermediate.List());
        await _harness.OpenAsync();

        Assert.Equal("certificate_revoked", _harness.ReasonOf(_harness.Intermediate.Issue(Leaf.Of(Leaf.Checkout)), _harness.Intermediate.Certificate));
    }

    [Fact]
    public async Task Lists_AuthorityOfTheChainHasNone_IsRefused()
    {
        _harness.Options.CertificateRevocationLists = ["root.crl"];
        _harness.Write("root.crl", _harness.Root.List());
        await _harness.OpenAsync();

        Assert.Null(_harness.ReasonOf(Leaf.Of(Leaf.Checkout)));
        Assert.Equal(
            "certificate_revocation_unknown", _harness.ReasonOf(_harness.Intermediate.Issue(Leaf.Of(Leaf.Checkout)), _harness.Intermediate.Certificate));
    }

    [Fact]
    public async Task Lists_OfAnIntermediateThatClientsSend_AreCheckedByItsKey()
    {
        using var impostor = _other.CreateIntermediate();
        _harness.Options.CertificateRevocationLists = ["root.crl", "intermediate.crl"];
        _harness.Write("root.crl", _harness.Root.List());
        _harness.Write("intermediate.crl", _harness.Intermediate.List(signedBy: impostor));
        await _harness.OpenAsync();
        var leaf = Leaf.Of(Leaf.Checkout);

        Assert.Equal("certificate_revocation_unknown", _harness.ReasonOf(_harness.Intermediate.Issue(leaf), _harness.Intermediate.Certificate));

        _harness.Write("intermediate.crl", _harness.Intermediate.List());
        _harness.Poll();

        Assert.Null(_harness.ReasonOf(_harness.Intermediate.Issue(leaf), _harness.Intermediate.Certificate));
    }

    [Fact]
    public async Task Lists_NextUpdateHasPassed_IsRefused()
    {
        _harness.Options.CertificateRevocationLists = ["root.crl"];
        _harness.Write("root.crl", _harness.Root.List(nextUpdate: _harness.Time.GetUtcNow().AddMinutes(10)));
        await _harness.OpenAsync();
        using var certificate = _harness.Root.Issue(Leaf.Of(Leaf.Checkout));
        var found = _harness.Read(certificate);
        Assert.NotNull(found.Caller);
        Assert.Null(_harness.Store.FindDegradation());

        _harness.Time.Advance(TimeSpan.FromMinutes(11));
        _harness.Poll();

        Assert.Equal("certificate_revocation_unknown", _harness.ReasonOf(certificate));
        Assert.Equal("certificate_revocation_unknown", found.Check?.Recheck(found.Caller)?.Reason);
        Assert.Contains("not in force", _harness.Store.FindDegradation(), StringComparison.Ordinal);

        _harness.Write("root.crl", _harness.Root.List(thisUpdate: _harness.Time.GetUtcNow().AddMinutes(-1)));
        _harness.Poll();

        Assert.Null(_harness.ReasonOf(certificate));
    }

    [Fact]
    public async Task Lists_OlderOneIsPutBack_LastGoodOneStays()
    {
        _harness.Options.CertificateRevocationLists = ["root.crl"];
        var old = _harness.Root.List(thisUpdate: _harness.Time.GetUtcNow().AddHours(-2));
        using var certificate = _harness.Root.Issue(Leaf.Of(Leaf.Checkout));
        _harness.Root.Revoke(certificate);
        _harness.Write("root.crl", _harness.Root.List());
        await _harness.OpenAsync();
        Assert.Equal("certificate_revoked", _harness.ReasonOf(certificate));

        _harness.Write("root.crl", old);
        _harness.Poll();

        Assert.Equal("certificate_revoked", _harness.ReasonOf(certificate));
        Assert.NotNull(_harness.Store.FindDegradation());
    }

    [Fact]
    public async Task Lists_OneIsBroken_BundleChangesAllTheSame()
    {
        _harness.Options.CertificateRevocationLists = ["root.crl"];
        _harness.Write("root.crl", _harness.Root.List());
        await _harness.OpenAsync();
        using var certificate = _harness.Root.Issue(Leaf.Of(Leaf.Checkout));
        Assert.Null(_harness.ReasonOf(certificate));

        _harness.Write("root.crl", "broken");
        _harness.Write("ca.pem", _other.Pem);
        _harness.Poll();

        Assert.Equal("certificate_untrusted", _harness.ReasonOf(certificate));
    }
}
