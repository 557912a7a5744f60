using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SecureInference.Models.Protection.Signing;

/// <summary>What the certificate of a publisher is like by itself.</summary>
internal static class SignerCertificate
{
    public const string CodeSigning = "1.3.6.1.5.5.7.3.3";
    private const string AlternativeNames = "2.5.29.17";

    // Of RSA and ECDSA, with MD5 and SHA-1.
    private static readonly string[] Weak = ["1.2.840.113549.1.1.4", "1.2.840.113549.1.1.5", "1.2.840.10045.4.1"];

    /// <summary>Says why it may not sign a model, whoever has issued it.</summary>
    public static string? WhyUnfit(X509Certificate2 certificate)
    {
        var purposes = certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>().FirstOrDefault();
        var mayBeUsed = certificate.Extensions.OfType<X509KeyUsageExtension>().All(static usage => usage.KeyUsages.HasFlag(X509KeyUsageFlags.DigitalSignature));
        return mayBeUsed && purposes?.EnhancedKeyUsages.Cast<Oid>().Any(static purpose => purpose.Value == CodeSigning) == true
            ? null
            : $"the certificate '{certificate.Subject}' is not for signing code (key usage digitalSignature, extended key usage codeSigning). Have one issued that is, and sign the model again";
    }

    public static bool HasStrongSignature(X509Certificate2 certificate) => !Weak.Contains(certificate.SignatureAlgorithm.Value);

    /// <summary>Returns what a publisher may be accepted by.</summary>
    public static IEnumerable<string> NamesOf(X509Certificate2 certificate) => [certificate.Subject, KeyOf(certificate), .. AlternativesOf(certificate)];

    /// <summary>Returns the key by its hash.</summary>
    public static string KeyOf(X509Certificate2 certificate) => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(certificate.PublicKey.ExportSubjectPublicKeyInfo()));

    private static List<string> AlternativesOf(X509Certificate2 certificate)
    {
        var names = new List<string>();
        foreach (var extension in certificate.Extensions.Where(static extension => extension.Oid?.Value == AlternativeNames))
        {
            try
            {
                var sequence = new AsnReader(extension.RawData, AsnEncodingRules.DER).ReadSequence();
                while (sequence.HasData)
                {
                    var tag = sequence.PeekTag();

                    // E-mail addresses, DNS names and URIs.
                    if (tag.TagClass == TagClass.ContextSpecific && tag.TagValue is 1 or 2 or 6)
                    {
                        names.Add(sequence.ReadCharacterString(UniversalTagNumber.IA5String, tag));
                    }
                    else
                    {
                        sequence.ReadEncodedValue();
                    }
                }
            }
            catch (AsnContentException)
            {
                return [];
            }
        }

        return names;
    }
}
