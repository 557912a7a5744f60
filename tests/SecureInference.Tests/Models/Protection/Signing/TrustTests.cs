using System.Security.Cryptography;
using System.Text;
using SecureInference.Models.Protection.Signing;

namespace SecureInference.Tests.Models.Protection.Signing;

/// <summary>Whose signature counts.</summary>
public sealed class TrustTests : IDisposable
{
    private readonly KeySigner _publisher = new();

    public static TheoryData<string> Curves => ["nistP256", "nistP384", "nistP521"];

    public void Dispose() => _publisher.Dispose();

    [Theory]
    [MemberData(nameof(Curves))]
    public void Key_OnEachCurve_Verifies(string curve)
    {
        using var publisher = new KeySigner(ECCurve.CreateFromFriendlyName(curve));
        using var trust = publisher.Trust;

        Assert.NotNull(SignatureVerifier.Verify(Parse(new Forgery(publisher.Key).Add("a").Bundle()), trust, OmsVectors.Time));
    }

    [Fact]
    public void Key_OnACurveThatThePlatformDoesNotKnow_IsRefused()
    {
        using var publisher = new KeySigner(ECCurve.NamedCurves.nistP384);
        var der = publisher.PublicKey.ToArray();
        var curve = der.AsSpan().IndexOf(new byte[] { 0x2B, 0x81, 0x04, 0x00, 0x22 });
        der[curve + 1] = 0x82;

        var refused = Assert.Throws<SignatureRefusedException>(() => TrustedKey.Parse(new string(PemEncoding.Write("PUBLIC KEY", der))));

        Assert.Contains("P-256, P-384 or P-521", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Key_OfSomebodyElse_IsAKeyMismatchAndNamesIt()
    {
        using var other = new KeySigner();
        using var trust = other.Trust;

        var refused = Assert.Throws<SignatureRefusedException>(() => SignatureVerifier.Verify(Parse(Bundle()), trust, OmsVectors.Time));

        Assert.Contains($"another key than those that are trusted (it names the key {Forgery.HintOf(_publisher.Key)})", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Hint_OfATrustedKey_DoesNotMakeAnothersSignatureHold()
    {
        using var stranger = new KeySigner();
        using var trust = _publisher.Trust;
        var forge = new Forgery(stranger.Key) { ChangeBundle = text => text.Replace(Forgery.HintOf(stranger.Key), Forgery.HintOf(_publisher.Key), StringComparison.Ordinal) };

        var refused = Assert.Throws<SignatureRefusedException>(() => SignatureVerifier.Verify(Parse(forge.Add("a").Bundle()), trust, OmsVectors.Time));

        Assert.Contains("does not hold", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void RawBytes_OfTheSendersOwnKey_AreNotTrusted()
    {
        using var stranger = new KeySigner();
        using var trust = _publisher.Trust;
        var raw = Convert.ToBase64String(Encoding.ASCII.GetBytes(stranger.Pem));
        var forge = new Forgery(stranger.Key) { ChangeBundle = text => text.Replace($"\"hint\":\"{Forgery.HintOf(stranger.Key)}\"", $"\"rawBytes\":\"{raw}\"", StringComparison.Ordinal) };

        var refused = Assert.Throws<SignatureRefusedException>(() => SignatureVerifier.Verify(Parse(forge.Add("a").Bundle()), trust, OmsVectors.Time));

        Assert.Contains("another key", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Key_OfAnotherCurve_WithoutAHint_DoesNotHold()
    {
        using var p384 = new KeySigner(ECCurve.NamedCurves.nistP384);
        using var trust = _publisher.Trust;
        var forge = new Forgery(p384.Key) { ChangeBundle = text => text.Replace($"\"hint\":\"{Forgery.HintOf(p384.Key)}\"", "", StringComparison.Ordinal) };

        Assert.Throws<SignatureRefusedException>(() => SignatureVerifier.Verify(Parse(forge.Add("a").Bundle()), trust, OmsVectors.Time));
    }

    [Fact]
    public void Keys_Several_TheOneThatSignedCounts()
    {
        using var other = new KeySigner();
        using var trust = new SignatureTrust { Keys = [TrustedKey.Parse(other.Pem), TrustedKey.Parse(_publisher.Pem)] };

        Assert.Equal($"key {Forgery.HintOf(_publisher.Key)}", SignatureVerifier.Verify(Parse(Bundle()), trust, OmsVectors.Time).Signer);
    }

    [Fact]
    public void TrustedKey_WithTextBeforeIt_IsRead()
    {
        using var key = TrustedKey.Parse("Public Key Information:\n\tCurve: SECP256R1\n\n" + _publisher.Pem);

        Assert.Equal(Forgery.HintOf(_publisher.Key), key.Hint);
    }

    [Fact]
    public void TrustedKey_Rsa_IsRefused()
    {
        using var rsa = RSA.Create(2048);

        Assert.Contains("P-256", Assert.Throws<SignatureRefusedException>(() => TrustedKey.Parse(rsa.ExportSubjectPublicKeyInfoPem())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TrustedKey_OnAnotherCurve_IsRefused()
    {
        using var key = ECDsa.Create(ECCurve.CreateFromValue("1.3.132.0.10"));

        Assert.Contains("P-256", Assert.Throws<SignatureRefusedException>(() => TrustedKey.Parse(key.ExportSubjectPublicKeyInfoPem())).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("nothing")]
    [InlineData("-----BEGIN PUBLIC KEY-----\n!!\n-----END PUBLIC KEY-----")]
    [InlineData("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----")]
    public void TrustedKey_ThatIsNone_IsRefused(string text) => Assert.Throws<SignatureRefusedException>(() => TrustedKey.Parse(text));

    [Fact]
    public void TrustedKey_Private_IsRefused() => Assert.Contains(
        "belongs to its publisher alone",
        Assert.Throws<SignatureRefusedException>(() => TrustedKey.Parse(_publisher.Key.ExportPkcs8PrivateKeyPem())).Message,
        StringComparison.Ordinal);

    private static SignatureBundle Parse(byte[] bundle) => SignatureBundle.Parse(bundle);

    private byte[] Bundle() => new Forgery(_publisher.Key).Add("a").Bundle();
}
