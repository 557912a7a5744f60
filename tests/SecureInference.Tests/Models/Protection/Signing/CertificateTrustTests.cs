using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SecureInference.Models.Protection.Signing;
using SecureInference.TestSupport.Certificates;

namespace SecureInference.Tests.Models.Protection.Signing;

public sealed class CertificateTrustTests : IDisposable
{
    private const string CodeSigning = "1.3.6.1.5.5.7.3.3";
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();
    private static readonly Leaf Publisher = new() { CommonName = "publisher", Purposes = [CodeSigning], Uris = ["https://example.com/publisher"] };
    private readonly TestAuthority _root = TestAuthority.CreateRoot();
    private readonly TestAuthority _intermediate;

    public CertificateTrustTests() => _intermediate = _root.CreateIntermediate();

    public void Dispose()
    {
        _intermediate.Dispose();
        _root.Dispose();
    }

    [Fact]
    public void Chain_ToATrustedRoot_NamesTheSigner()
    {
        using var leaf = _intermediate.Issue(Publisher);

        var signer = Verify(leaf, Trust(), _intermediate);

        Assert.StartsWith("certificate CN=publisher (sha256:", signer, StringComparison.Ordinal);
    }

    [Fact]
    public void Chain_ToAnotherRoot_IsRefused()
    {
        using var other = TestAuthority.CreateRoot("other");
        using var leaf = other.Issue(Publisher);

        Refused(leaf, Trust(), "does not go back to a root");
    }

    [Fact]
    public void Chain_BringsItsOwnRoot_IsRefused()
    {
        using var other = TestAuthority.CreateRoot();
        using var leaf = other.Issue(Publisher);

        Refused(leaf, Trust(), "does not go back to a root", other);
    }

    [Fact]
    public void Chain_IntermediateMissing_IsRefused()
    {
        using var leaf = _intermediate.Issue(Publisher);

        Refused(leaf, Trust(), "does not go back to a root");
    }

    [Fact]
    public void Chain_IntermediateInTheBundle_Holds()
    {
        using var leaf = _intermediate.Issue(Publisher);

        Assert.NotEmpty(Verify(leaf, new CertificateTrust().Add(_root.Pem + _intermediate.Pem)));
    }

    [Fact]
    public void Leaf_Expired_IsRefusedUnlessAllowed()
    {
        using var leaf = _intermediate.Issue(Publisher with { NotBefore = Now.AddDays(-20), NotAfter = Now.AddDays(-10) });

        Refused(leaf, Trust(), "AllowExpiredSigners", _intermediate);
        Assert.NotEmpty(Verify(leaf, new CertificateTrust { AllowExpired = true }.Add(_root.Pem), _intermediate));
    }

    [Fact]
    public void Leaf_NotForCode_IsRefused()
    {
        using var leaf = _intermediate.Issue(Publisher with { Purposes = [Leaf.ClientAuthentication] });

        Refused(leaf, Trust(), "not for signing code", _intermediate);
    }

    [Fact]
    public void Leaf_WithoutPurposes_IsRefused()
    {
        using var leaf = _intermediate.Issue(Publisher with { Purposes = [] });

        Refused(leaf, Trust(), "not for signing code", _intermediate);
    }

    [Fact]
    public void Leaf_NotForSignatures_IsRefused()
    {
        using var leaf = _intermediate.Issue(Publisher with { KeyUsage = X509KeyUsageFlags.KeyEncipherment });

        Refused(leaf, Trust(), "not for signing code", _intermediate);
    }

    [Fact]
    public void Leaf_WithoutKeyUsage_Holds()
    {
        using var leaf = _intermediate.Issue(Publisher with { KeyUsage = null });

        Assert.NotEmpty(Verify(leaf, Trust(), _intermediate));
    }

    [Fact]
    public void Leaf_Rsa_IsRefused()
    {
        using var leaf = _intermediate.Issue(Publisher with { RsaBits = 2048 });
        using var other = new KeySigner();
        using var trust = new SignatureTrust { Certificates = Trust() };
        var bundle = Bundle(other.Key, leaf, _intermediate);

        Assert.Contains("P-256", Assert.Throws<SignatureRefusedException>(() => SignatureVerifier.Verify(bundle, trust, Now)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("CN=publisher", true)]
    [InlineData("https://example.com/publisher", true)]
    [InlineData("key", true)]
    [InlineData("CN=publish", false)]
    [InlineData("https://example.com/publisher/", false)]
    public void Signer_Listed_IsTheOnlyOne(string name, bool isAccepted)
    {
        using var leaf = _intermediate.Issue(Publisher);
        var trust = new CertificateTrust { Signers = [name == "key" ? "sha256:" + Forgery.Hex(SHA256.HashData(leaf.PublicKey.ExportSubjectPublicKeyInfo())) : name] }.Add(_root.Pem);

        if (isAccepted)
        {
            Assert.NotEmpty(Verify(leaf, trust, _intermediate));
        }
        else
        {
            Refused(leaf, trust, "none of TrustedSigners", _intermediate);
        }
    }

    [Fact]
    public void Issuer_ThatNamesAnAddress_IsNotFetched()
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        var address = $"http://127.0.0.1:{((System.Net.IPEndPoint)listener.LocalEndpoint).Port}/issuer.cer";
        using var leaf = _intermediate.Issue(Publisher with { More = [new X509AuthorityInformationAccessExtension(ocspUris: null, caIssuersUris: [address])] });

        Refused(leaf, Trust(), "does not go back to a root");
        Assert.False(listener.Pending());
    }

    [Fact]
    public void Bundle_WithoutARoot_IsRefused() =>
        Assert.Contains("no root", Assert.Throws<SignatureRefusedException>(() => new CertificateTrust().Add(_intermediate.Pem)).Message, StringComparison.Ordinal);

    [Fact]
    public void Bundle_WithAKey_IsRefused()
    {
        using var key = new KeySigner();

        Assert.Contains("PUBLIC KEY", Assert.Throws<SignatureRefusedException>(() => new CertificateTrust().Add(_root.Pem + key.Pem)).Message, StringComparison.Ordinal);
    }

    private static SignatureBundle Bundle(ECDsa key, X509Certificate2 leaf, params TestAuthority[] sent)
    {
        var certificates = string.Join(',', sent.Select(static authority => authority.Certificate).Prepend(leaf).Select(static one => $"{{\"rawBytes\":\"{Convert.ToBase64String(one.RawData)}\"}}"));
        return SignatureBundle.Parse(new Forgery(key)
        {
            ChangeBundle = text => text.Replace($"\"publicKey\":{{\"hint\":\"{Forgery.HintOf(key)}\"}}", $"\"x509CertificateChain\":{{\"certificates\":[{certificates}]}}", StringComparison.Ordinal),
        }.Add("a").Bundle());
    }

    private static string Verify(X509Certificate2 leaf, CertificateTrust certificates, params TestAuthority[] sent)
    {
        using var key = leaf.GetECDsaPrivateKey()!;
        using var trust = new SignatureTrust { Certificates = certificates };
        return SignatureVerifier.Verify(Bundle(key, leaf, sent), trust, Now).Signer;
    }

    private static void Refused(X509Certificate2 leaf, CertificateTrust trust, string why, params TestAuthority[] sent) =>
        Assert.Contains(why, Assert.Throws<SignatureRefusedException>(() => Verify(leaf, trust, sent)).Message, StringComparison.Ordinal);

    private CertificateTrust Trust() => new CertificateTrust().Add(_root.Pem);
}
