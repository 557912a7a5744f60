using System.Security.Cryptography;
using System.Text;

namespace SecureInference.Models.Protection.Signing;

/// <summary>Checks that somebody trusted has signed a statement, before anything of the statement is read.</summary>
internal static class SignatureVerifier
{
    private const string Legacy = "it is in the form of version 0.2.0, which has no digest of the whole. Sign the model again, or set AllowLegacySignatures";

    /// <param name="bundle">The signature.</param>
    /// <param name="trust">Who is trusted.</param>
    /// <param name="now">The time.</param>
    /// <exception cref="SignatureRefusedException">It does not hold.</exception>
    public static VerifiedSignature Verify(SignatureBundle bundle, SignatureTrust trust, DateTimeOffset now) => bundle.Material.Method switch
    {
        SignatureMethod.Key => VerifyByKey(bundle, trust),
        SignatureMethod.Certificate => VerifyByCertificate(bundle, trust, now),
        SignatureMethod.Sigstore => throw new SignatureRefusedException(
            "it was made without a key (sigstore), which is not supported: it proves nothing without the public log. Sign the model with a key or a certificate"),
        _ => throw new ArgumentOutOfRangeException(nameof(bundle)),
    };

    private static VerifiedSignature VerifyByKey(SignatureBundle bundle, SignatureTrust trust)
    {
        if (trust.Keys.Count == 0)
        {
            throw new SignatureRefusedException($"it was made with a key, and no key is trusted. Name the publisher's public key in TrustedKeys{Named(bundle.Material)}");
        }

        var named = trust.Keys.Where(key => IsNamed(bundle.Material, key)).ToArray();
        if (named.Length == 0)
        {
            throw new SignatureRefusedException($"it was made with another key than those that are trusted{Named(bundle.Material)}. Add its publisher's key to TrustedKeys, if it is to be trusted");
        }

        foreach (var key in named)
        {
            if (Check(bundle, key.Key, trust.AllowLegacy) is { } isLegacy)
            {
                return new VerifiedSignature($"key {key.Hint}", StatementReader.Read(bundle.Payload, isLegacy));
            }
        }

        throw Wrong(bundle, named.Select(static key => key.Key));
    }

    private static VerifiedSignature VerifyByCertificate(SignatureBundle bundle, SignatureTrust trust, DateTimeOffset now)
    {
        if (trust.Certificates is not { } certificates)
        {
            throw new SignatureRefusedException("it was made with a certificate, and no authority is trusted. Name the authority's root in TrustedCertificates");
        }

        using var leaf = certificates.Require(bundle.Material.Certificates, now);
        using var key = EllipticKey.Import(leaf.PublicKey.ExportSubjectPublicKeyInfo());
        return Check(bundle, key, trust.AllowLegacy) is { } isLegacy
            ? new VerifiedSignature($"certificate {leaf.Subject} ({SignerCertificate.KeyOf(leaf)})", StatementReader.Read(bundle.Payload, isLegacy))
            : throw Wrong(bundle, [key]);
    }

    /// <returns>Whether it holds in the old form, or <see langword="null"/> where it does not hold.</returns>
    private static bool? Check(SignatureBundle bundle, ECDsa key, bool allowLegacy) =>
        HoldsNow(bundle, key) ? false : allowLegacy && HoldsInTheOldForm(bundle, key) ? true : null;

    private static bool HoldsNow(SignatureBundle bundle, ECDsa key) =>
        Holds(key, DssePae.Hash(EllipticKey.HashOf(key), SignatureBundle.PayloadType, bundle.Payload), bundle.Signature);

    private static bool HoldsInTheOldForm(SignatureBundle bundle, ECDsa key) =>
        Holds(key, DssePae.HashOfLegacy(SignatureBundle.PayloadType, bundle.Payload), bundle.Signature);

    private static bool Holds(ECDsa key, byte[] hash, byte[] signature)
    {
        try
        {
            return key.VerifyHash(hash, signature, DSASignatureFormat.Rfc3279DerSequence);
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private static SignatureRefusedException Wrong(SignatureBundle bundle, IEnumerable<ECDsa> keys) => new(keys.Any(key => HoldsInTheOldForm(bundle, key))
        ? Legacy
        : "it does not hold: it, or what it signs, was changed since. Copy it again, or sign the model again");

    // What names the key is not signed: it can rule a key out, and never in.
    private static bool IsNamed(SignatureMaterial material, TrustedKey key) =>
        (material.Hint is null || material.Hint == key.Hint)
        && (material.Key is null || IsSame(material.Key, key));

    private static bool IsSame(byte[] pem, TrustedKey key)
    {
        try
        {
            using var other = TrustedKey.Parse(Encoding.UTF8.GetString(pem));
            return other.Hint == key.Hint;
        }
        catch (SignatureRefusedException)
        {
            return false;
        }
    }

    private static string Named(SignatureMaterial material) =>
        material.Hint is { Length: 64 } hint && hint.All(char.IsAsciiHexDigit) ? $" (it names the key {hint})" : "";
}
