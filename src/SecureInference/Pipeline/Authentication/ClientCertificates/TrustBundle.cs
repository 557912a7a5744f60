using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace SecureInference.Pipeline.Authentication.ClientCertificates;

/// <summary>The team's own authorities, as their PEM file lists them; it never changes.</summary>
/// <remarks>Its certificates are left to the finalizer: a request may still build a chain with a bundle that was replaced.</remarks>
internal sealed class TrustBundle
{
    private const string CertificateLabel = "CERTIFICATE";
    private const int MaxCertificates = 256;

    private TrustBundle(X509Certificate2Collection roots, X509Certificate2Collection intermediates)
    {
        Roots = roots;
        Intermediates = intermediates;
    }

    /// <summary>Gets what chains must end in.</summary>
    public X509Certificate2Collection Roots { get; }

    /// <summary>Gets what chains may go through, beside what clients send.</summary>
    public X509Certificate2Collection Intermediates { get; }

    /// <summary>Reads a bundle.</summary>
    /// <param name="bytes">What the file holds.</param>
    /// <param name="path">The file, for messages.</param>
    /// <exception cref="InvalidDataException">It is no bundle; the message says why and what to write.</exception>
    public static TrustBundle Parse(byte[] bytes, string path)
    {
        var roots = new X509Certificate2Collection();
        var intermediates = new X509Certificate2Collection();
        foreach (var certificate in ReadCertificates(Encoding.UTF8.GetString(bytes), path))
        {
            RequireAuthority(certificate, path);
            (certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData) ? roots : intermediates).Add(certificate);
        }

        return roots.Count != 0
            ? new TrustBundle(roots, intermediates)
            : throw new InvalidDataException($"The trust bundle '{path}' has no root, that is, no self-signed certificate of an authority. Add the root that the client certificates go back to.");
    }

    /// <summary>Finds the authorities of a name, whose keys may differ.</summary>
    public IEnumerable<X509Certificate2> Find(byte[] name) =>
        Roots.Concat(Intermediates).Where(certificate => certificate.SubjectName.RawData.AsSpan().SequenceEqual(name));

    /// <summary>Says whether this is one of the roots, byte for byte.</summary>
    public bool HasRoot(X509Certificate2 certificate) =>
        Roots.Any(root => root.RawDataMemory.Span.SequenceEqual(certificate.RawDataMemory.Span));

    private static List<X509Certificate2> ReadCertificates(string text, string path)
    {
        var found = new List<X509Certificate2>();
        foreach (var block in PemBlock.ReadAll(text, $"The trust bundle '{path}'"))
        {
            if (block.Label != CertificateLabel || found.Count == MaxCertificates)
            {
                // A private key in particular has no business in a file that everybody may read.
                throw new InvalidDataException(block.Label != CertificateLabel
                    ? $"The trust bundle '{path}' has a block '{block.Label}'. Leave certificates only in it."
                    : $"The trust bundle '{path}' has more than {MaxCertificates} certificates. List the team's own authorities only.");
            }

            try
            {
                found.Add(X509CertificateLoader.LoadCertificate(block.Data));
            }
            catch (CryptographicException exception)
            {
                throw new InvalidDataException($"The trust bundle '{path}' is not valid: its certificate {found.Count + 1} cannot be read. Export it again in PEM.", exception);
            }
        }

        return found;
    }

    private static void RequireAuthority(X509Certificate2 certificate, string path)
    {
        var why = CertificateRules.WhyNoAuthority(certificate);
        if (why is not null)
        {
            throw new InvalidDataException($"The trust bundle '{path}' has '{certificate.Subject}', which {why}. List certificates of authorities only.");
        }
    }
}
