using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SecureInference.Pipeline.Authentication.ClientCertificates;

/// <summary>Reads the certificate that a proxy hands on: Envoy's elements, or the escaped PEM alone as NGINX writes it.</summary>
internal static class ForwardedCertificate
{
    private const int MaxLength = 64 * 1024;
    private const int MaxChain = 8;
    private const string CertificateLabel = "CERTIFICATE";
    private const string PemStart = "-----BEGIN";

    public static bool TryParse(string header, [NotNullWhen(true)] out ShownCertificate? shown)
    {
        shown = null;
        try
        {
            shown = header.Length > MaxLength ? null
                : header.StartsWith(PemStart, StringComparison.Ordinal) ? Read(header, chain: null)
                : ReadElement(header);
            return shown is not null;
        }
        catch (Exception exception) when (exception is InvalidDataException or CryptographicException)
        {
            return false;
        }
    }

    private static ShownCertificate? ReadElement(string header)
    {
        if (ForwardedElement.ReadLast(header) is not { Certificate: { } certificate } element)
        {
            return null;
        }

        var shown = Read(certificate, element.Chain);
        return element.Hash is null || string.Equals(element.Hash, shown.Certificate.GetCertHashString(HashAlgorithmName.SHA256), StringComparison.OrdinalIgnoreCase)
            ? shown
            : null;
    }

    private static ShownCertificate Read(string certificate, string? chain)
    {
        var leaf = ReadAll(certificate);
        var rest = chain is null ? [] : ReadAll(chain);
        return leaf.Count == 1 && rest.Count <= MaxChain
            ? new ShownCertificate(leaf[0], rest)
            : throw new InvalidDataException("The header has no certificate, several, or too many beside it.");
    }

    private static X509Certificate2Collection ReadAll(string escaped)
    {
        var certificates = new X509Certificate2Collection();
        foreach (var block in PemBlock.ReadAll(Uri.UnescapeDataString(escaped), "The header"))
        {
            certificates.Add(block.Label == CertificateLabel
                ? X509CertificateLoader.LoadCertificate(block.Data)
                : throw new InvalidDataException("The header has something else than certificates."));
        }

        return certificates;
    }
}
