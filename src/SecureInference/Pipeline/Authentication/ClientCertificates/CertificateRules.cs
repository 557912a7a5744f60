using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SecureInference.Pipeline.Authentication.ClientCertificates;

/// <summary>What a certificate must be like by itself, whoever has issued it.</summary>
internal static class CertificateRules
{
    private const int MinRsaBits = 2048;

    /// <summary>Larger keys only cost time: a client may send them to make us check their signatures.</summary>
    private const int MaxRsaBits = 8192;

    private const int MinCurveBits = 256;
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    /// <summary>Says why a certificate cannot be one that a client shows.</summary>
    /// <returns>A reason, or <see langword="null"/>.</returns>
    /// <exception cref="CryptographicException">An extension is malformed.</exception>
    public static string? WhyNoClient(X509Certificate2 certificate)
    {
        if (HasDuplicateExtension(certificate))
        {
            return CertificateReasons.Malformed;
        }

        foreach (var extension in certificate.Extensions)
        {
            var isFit = extension switch
            {
                // What may issue certificates could make itself one for any name: it must not speak for a client.
                X509BasicConstraintsExtension constraints => !constraints.CertificateAuthority,
                X509KeyUsageExtension usage => usage.KeyUsages.HasFlag(X509KeyUsageFlags.DigitalSignature)
                    && (usage.KeyUsages & (X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign)) == 0,
                X509EnhancedKeyUsageExtension purposes => purposes.EnhancedKeyUsages.Cast<Oid>().Any(static purpose => purpose.Value == ClientAuthentication),
                _ => true,
            };
            if (!isFit)
            {
                return CertificateReasons.Usage;
            }
        }

        return null;
    }

    /// <summary>Says why a certificate of a bundle cannot be that of an authority.</summary>
    /// <returns>The rest of a sentence, or <see langword="null"/>.</returns>
    public static string? WhyNoAuthority(X509Certificate2 certificate)
    {
        try
        {
            var constraints = certificate.Extensions.OfType<X509BasicConstraintsExtension>().SingleOrDefault();
            var usage = certificate.Extensions.OfType<X509KeyUsageExtension>().SingleOrDefault();
            return HasDuplicateExtension(certificate) ? "has the same extension twice"
                : constraints?.CertificateAuthority != true ? "is no authority (its basic constraints do not say CA)"
                : usage?.KeyUsages.HasFlag(X509KeyUsageFlags.KeyCertSign) == false ? "may not issue certificates (its key usage lacks keyCertSign)"
                : !HasStrongKey(certificate) ? "has a weak key (RSA needs 2048 to 8192 bits; other keys must be ECDSA on a curve of 256 bits or more)"
                : null;
        }
        catch (CryptographicException)
        {
            return "has a malformed extension";
        }
    }

    /// <summary>Says whether the key is of a kind and size that holds.</summary>
    public static bool HasStrongKey(X509Certificate2 certificate)
    {
        try
        {
            using var rsa = certificate.GetRSAPublicKey();
            using var ecdsa = certificate.GetECDsaPublicKey();
            return rsa?.KeySize is >= MinRsaBits and <= MaxRsaBits || ecdsa?.KeySize >= MinCurveBits;
        }
        catch (Exception exception) when (exception is CryptographicException or PlatformNotSupportedException)
        {
            // The second is what a curve ends in that the platform does not know.
            return false;
        }
    }

    /// <summary>Says whether the authority signed it in a way that holds.</summary>
    public static bool HasStrongSignature(X509Certificate2 certificate)
    {
        try
        {
            return SignatureKind.Of(certificate) is not null;
        }
        catch (AsnContentException)
        {
            return false;
        }
    }

    // One reader may see the first, another the last.
    private static bool HasDuplicateExtension(X509Certificate2 certificate) =>
        certificate.Extensions.DistinctBy(static extension => extension.Oid?.Value).Count() != certificate.Extensions.Count;
}
