using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace SecureInference.Models.Protection.Signing;

/// <summary>The keys that sign models: ECDSA on one of three curves, each with the hash of its size.</summary>
internal static class EllipticKey
{
    private const string P256 = "1.2.840.10045.3.1.7";
    private const string P384 = "1.3.132.0.34";
    private const string P521 = "1.3.132.0.35";
    private const string Kinds = "ECDSA on P-256, P-384 or P-521";

    /// <summary>Reads a public key.</summary>
    /// <param name="der">As SubjectPublicKeyInfo.</param>
    /// <exception cref="SignatureRefusedException">It is of another kind.</exception>
    public static ECDsa Import(ReadOnlySpan<byte> der)
    {
        try
        {
            var key = PublicKey.CreateFromSubjectPublicKeyInfo(der, out var read);
            if (read == der.Length && key.GetECDsaPublicKey() is { } elliptic)
            {
                return Require(elliptic);
            }
        }
        catch (Exception exception) when (exception is CryptographicException or PlatformNotSupportedException)
        {
            // The second is what OpenSSL's curves end in that it does not know.
            throw Unfit(exception);
        }

        throw Unfit();
    }

    /// <summary>Returns the hash that a key signs with.</summary>
    public static HashAlgorithmName HashOf(ECDsa key) => key.KeySize switch
    {
        256 => HashAlgorithmName.SHA256,
        384 => HashAlgorithmName.SHA384,
        _ => HashAlgorithmName.SHA512,
    };

    /// <summary>Returns what signatures name a key by.</summary>
    public static string HintOf(ECDsa key) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(key.ExportSubjectPublicKeyInfoPem() + "\n")));

    /// <summary>Returns the key, where it is one that may sign; another is freed.</summary>
    /// <exception cref="SignatureRefusedException">It is on another curve.</exception>
    public static ECDsa Require(ECDsa key)
    {
        try
        {
            if (key.ExportParameters(includePrivateParameters: false).Curve is { IsNamed: true, Oid: { } curve } && OidOf(curve) is P256 or P384 or P521)
            {
                return key;
            }
        }
        catch (Exception exception) when (exception is CryptographicException or PlatformNotSupportedException)
        {
            key.Dispose();
            throw Unfit(exception);
        }

        key.Dispose();
        throw Unfit();
    }

    // Some platforms know a curve by its name only.
    private static string? OidOf(Oid curve) => curve.Value ?? curve.FriendlyName switch
    {
        "nistP256" or "ECDSA_P256" => P256,
        "nistP384" or "ECDSA_P384" => P384,
        "nistP521" or "ECDSA_P521" => P521,
        _ => null,
    };

    private static SignatureRefusedException Unfit(Exception? cause = null) => new($"the key is not {Kinds}. Make one with 'secure-inference model keygen --signing'", cause);
}
