using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SecureInference.TestSupport.Certificates;

namespace SecureInference.Tests.Pipeline.Authentication.ClientCertificates;

public sealed class CertificateJudgeTests : IAsyncLifetime
{
    private readonly TrustHarness _harness = new();

    public async ValueTask InitializeAsync() => await _harness.OpenAsync();

    public ValueTask DisposeAsync()
    {
        _harness.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public void Judge_WorkloadOfOurRoot_IsItsSpiffeId()
    {
        using var certificate = _harness.Root.Issue(Leaf.Of(Leaf.Checkout));

        var caller = _harness.Read(certificate).Caller;

        Assert.Equal(Leaf.Checkout, caller?.Subject);
        Assert.Equal("ClientCertificate", caller?.Method);
        Assert.Equal(certificate.GetCertHashString(HashAlgorithmName.SHA256), caller?.CredentialId);
        Assert.Equal(["model:*:infer"], caller?.Scopes.Scopes);
    }

    [Theory]
    [InlineData(2048)]
    [InlineData(3072)]
    public void Judge_RsaKeyThatIsLongEnough_IsAccepted(int bits) =>
        Assert.Null(_harness.ReasonOf(Leaf.Of(Leaf.Checkout) with { RsaBits = bits }));

    [Fact]
    public void Judge_NoPurposeAndNoKeyUsage_IsAccepted() =>
        Assert.Null(_harness.ReasonOf(Leaf.Of(Leaf.Checkout) with { KeyUsage = null, Purposes = [] }));

    [Fact]
    public void Judge_AnotherAuthority_IsUntrusted()
    {
        using var other = TestAuthority.CreateRoot("root");

        Assert.Equal("certificate_untrusted", _harness.ReasonOf(other.Issue(Leaf.Of(Leaf.Checkout))));
        Assert.Equal("certificate_untrusted", _harness.ReasonOf(other.Issue(Leaf.Of(Leaf.Checkout)), other.Certificate));
    }

    [Fact]
    public void Judge_SelfSigned_IsUntrusted() =>
        Assert.Equal("certificate_untrusted", _harness.ReasonOf(TestAuthority.IssueSelfSigned(Leaf.Of(Leaf.Checkout))));

    [Fact]
    public void Judge_Times_AreThoseOfTheClock()
    {
        var now = _harness.Time.GetUtcNow();

        Assert.Equal("certificate_expired", _harness.ReasonOf(Leaf.Of(Leaf.Checkout) with { NotBefore = now.AddDays(-2), NotAfter = now.AddMinutes(-1) }));
        Assert.Equal("certificate_not_yet_valid", _harness.ReasonOf(Leaf.Of(Leaf.Checkout) with { NotBefore = now.AddMinutes(1), NotAfter = now.AddDays(1) }));
        Assert.Null(_harness.ReasonOf(Leaf.Of(Leaf.Checkout) with { NotBefore = now.AddMinutes(-1), NotAfter = now.AddMinutes(1) }));
    }

    [Fact]
    public void Judge_ExpiresWhileConnected_IsExpiredWithTheNextRequest()
    {
        using var certificate = _harness.Root.Issue(Leaf.Of(Leaf.Checkout) with { NotAfter = _harness.Time.GetUtcNow().AddMinutes(10) });
        var found = _harness.Read(certificate);
        Assert.NotNull(found.Caller);

        _harness.Time.Advance(TimeSpan.FromMinutes(11));

        Assert.Equal("certificate_expired", _harness.ReasonOf(certificate));
        Assert.Equal("certificate_expired", found.Check?.Recheck(found.Caller)?.Reason);
    }

    [Fact]
    public void Judge_BecomesValidWhileConnected_IsAcceptedSoon()
    {
        using var certificate = _harness.Root.Issue(Leaf.Of(Leaf.Checkout) with { NotBefore = _harness.Time.GetUtcNow().AddSeconds(3) });
        Assert.Equal("certificate_not_yet_valid", _harness.ReasonOf(certificate));

        _harness.Time.Advance(TimeSpan.FromSeconds(6));

        Assert.Null(_harness.ReasonOf(certificate));
    }

    [Fact]
    public void Judge_LeafThatIsAnAuthority_IsRefused() =>
        Assert.Equal("certificate_usage", _harness.ReasonOf(Leaf.Of(Leaf.Checkout) with { IsAuthority = true }));

    [Theory]
    [InlineData(X509KeyUsageFlags.KeyEncipherment)]
    [InlineData(X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyCertSign)]
    [InlineData(X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.CrlSign)]
    public void Judge_KeyUsageOfSomethingElse_IsRefused(X509KeyUsageFlags usage) =>
        Assert.Equal("certificate_usage", _harness.ReasonOf(Leaf.Of(Leaf.Checkout) with { KeyUsage = usage }));

    [Fact]
    public void Judge_PurposeOfAServer_IsRefused() =>
        Assert.Equal("certificate_usage", _harness.ReasonOf(Leaf.Of(Leaf.Checkout) with { Purposes = [Leaf.ServerAuthentication] }));

    [Fact]
    public void Judge_RsaOf1024Bits_IsWeak() =>
        Assert.Equal("certificate_weak", _harness.ReasonOf(Leaf.Of(Leaf.Checkout) with { RsaBits = 1024 }));

    [Fact]
    public void Judge_SignatureWithSha1_IsWeak() =>
        Assert.Equal("certificate_weak", _harness.ReasonOf(Leaf.Of(Leaf.Checkout) with { Hash = HashAlgorithmName.SHA1 }));

    [Fact]
    public void Judge_IntermediateWithSha1_IsWeak()
    {
        using var weak = _harness.Root.CreateIntermediate(hash: HashAlgorithmName.SHA1);

        Assert.Equal("certificate_weak", _harness.ReasonOf(weak.Issue(Leaf.Of(Leaf.Checkout)), weak.Certificate));
    }

    [Fact]
    public void Judge_IntermediateOf1024Bits_IsWeak()
    {
        using var weak = _harness.Root.CreateIntermediate(rsaBits: 1024);

        Assert.Equal("certificate_weak", _harness.ReasonOf(weak.Issue(Leaf.Of(Leaf.Checkout)), weak.Certificate));
    }

    [Fact]
    public void Judge_IntermediateThatWasSent_LeadsToTheRoot()
    {
        var leaf = Leaf.Of(Leaf.Checkout);

        Assert.Equal("certificate_untrusted", _harness.ReasonOf(_harness.Intermediate.Issue(leaf)));
        Assert.Null(_harness.ReasonOf(_harness.Intermediate.Issue(leaf), _harness.Intermediate.Certificate));
    }

    [Fact]
    public void Judge_LeafThatIssuedAnother_IsUntrusted()
    {
        // The holder of a good certificate makes one for somebody else with it.
        using var stolen = TestAuthority.CreateRoot("client");
        using var real = _harness.Root.Issue(Leaf.Of(Leaf.Checkout) with { CommonName = "client" });

        Assert.Equal("certificate_untrusted", _harness.ReasonOf(stolen.Issue(Leaf.Of("spiffe://prod/ns/shop/sa/admin")), real, stolen.Certificate));
    }

    [Fact]
    public void Judge_IntermediateThatExpired_IsExpired()
    {
        using var old = _harness.Root.CreateIntermediate(notAfter: _harness.Time.GetUtcNow().AddMinutes(-5));

        Assert.NotNull(_harness.ReasonOf(old.Issue(Leaf.Of(Leaf.Checkout) with { NotAfter = _harness.Time.GetUtcNow().AddMinutes(-6) }), old.Certificate));
        Assert.Equal("certificate_expired", _harness.ReasonOf(old.Issue(Leaf.Of(Leaf.Checkout)), old.Certificate));
    }

    [Fact]
    public void Judge_LongChain_IsUntrusted()
    {
        var authorities = new List<TestAuthority> { _harness.Root };
        for (var depth = 0; depth < 8; depth++)
        {
            authorities.Add(authorities[^1].CreateIntermediate($"level {depth}"));
        }

        var sent = authorities.Skip(1).Select(static authority => authority.Certificate).ToArray();

        Assert.Null(_harness.ReasonOf(authorities[6].Issue(Leaf.Of(Leaf.Checkout)), sent[..6]));
        Assert.Equal("certificate_untrusted", _harness.ReasonOf(authorities[7].Issue(Leaf.Of(Leaf.Checkout)), sent[..7]));
        Assert.Equal("certificate_untrusted", _harness.ReasonOf(authorities[8].Issue(Leaf.Of(Leaf.Checkout)), sent));
    }

    [Fact]
    public void Judge_NameOutsideTheConstraintsOfItsAuthority_IsUntrusted()
    {
        // permittedSubtrees: URI host "prod".
        var constraint = new X509Extension("2.5.29.30", [0x30, 0x0A, 0xA0, 0x08, 0x30, 0x06, 0x86, 0x04, (byte)'p', (byte)'r', (byte)'o', (byte)'d'], critical: true);
        using var constrained = _harness.Root.CreateIntermediate(constraint: constraint);

        Assert.Null(_harness.ReasonOf(constrained.Issue(Leaf.Of(Leaf.Checkout)), constrained.Certificate));
        Assert.Equal("certificate_untrusted", _harness.ReasonOf(constrained.Issue(Leaf.Of("spiffe://test/ns/shop/sa/checkout")), constrained.Certificate));
    }

    [Fact]
    public void Judge_CriticalExtensionThatNobodyKnows_IsUntrusted() =>
        Assert.Equal(
            "certificate_untrusted",
            _harness.ReasonOf(Leaf.Of(Leaf.Checkout) with { More = [new X509Extension("1.3.6.1.4.1.99999.1", [0x05, 0x00], critical: true)] }));

    [Fact]
    public void Judge_TwoUris_IsMalformed() =>
        Assert.Equal("certificate_malformed", _harness.ReasonOf(Leaf.Of(Leaf.Checkout, "spiffe://prod/ns/shop/sa/admin")));

    [Theory]
    [InlineData("spiffe://test/ns/shop/sa/checkout")]
    [InlineData("spiffe://prod/ns/other/sa/checkout")]
    [InlineData("spiffe://prod/ns/shop/sa/checkout/more")]
    [InlineData("spiffe://prod/ns/shop/sa")]
    public void Judge_SpiffeIdThatNobodyAllowed_IsRefused(string id) => Assert.Equal("certificate_subject", _harness.ReasonOf(Leaf.Of(id)));

    [Fact]
    public void Judge_UriThatIsNoSpiffeId_IsMalformed() =>
        Assert.Equal("certificate_malformed", _harness.ReasonOf(Leaf.Of("https://shop.example/checkout")));

    [Fact]
    public void Judge_NoNameButACommonName_IsRefused() =>
        Assert.Equal("certificate_subject", _harness.ReasonOf(new Leaf { CommonName = Leaf.Checkout }));

    [Fact]
    public void Judge_AllowedNameInAnUntrustedCertificate_SaysUntrustedFirst() =>
        Assert.Equal("certificate_untrusted", _harness.ReasonOf(TestAuthority.IssueSelfSigned(Leaf.Of("spiffe://other/x"))));
}
