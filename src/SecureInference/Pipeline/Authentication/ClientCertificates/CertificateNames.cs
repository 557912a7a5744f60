using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;

namespace SecureInference.Pipeline.Authentication.ClientCertificates;

/// <summary>The names that an authority vouches for: one SPIFFE id, or DNS names. Never the common name, which nobody checks.</summary>
internal sealed class CertificateNames
{
    private const string SubjectAlternativeName = "2.5.29.17";
    private const int DnsTag = 2;
    private const int UriTag = 6;
    private const int LastTag = 8;

    /// <summary>The kinds of name that hold others, and so are written as constructed.</summary>
    private const int ConstructedTags = (1 << 0) | (1 << 3) | (1 << 4) | (1 << 5);

    private CertificateNames(string? spiffeId, IReadOnlyList<string> dnsNames)
    {
        SpiffeId = spiffeId;
        DnsNames = dnsNames;
    }

    /// <summary>Gets the SPIFFE id; where there is one, the DNS names say nothing about the caller.</summary>
    public string? SpiffeId { get; }

    /// <summary>Gets the DNS names in small letters, without wildcards.</summary>
    public IReadOnlyList<string> DnsNames { get; }

    /// <summary>Reads the names of a certificate.</summary>
    /// <exception cref="InvalidDataException">They are malformed, or contradict what SPIFFE allows.</exception>
    public static CertificateNames Read(X509Certificate2 certificate)
    {
        foreach (var extension in certificate.Extensions)
        {
            if (extension.Oid?.Value == SubjectAlternativeName)
            {
                return Parse(extension.RawData);
            }
        }

        return new CertificateNames(spiffeId: null, []);
    }

    /// <summary>Reads the extension's value.</summary>
    /// <exception cref="InvalidDataException">It is malformed, or contradicts what SPIFFE allows.</exception>
    public static CertificateNames Parse(ReadOnlyMemory<byte> extension)
    {
        try
        {
            var reader = new AsnReader(extension, AsnEncodingRules.DER);
            var names = reader.ReadSequence();
            reader.ThrowIfNotEmpty();
            return names.HasData ? ReadNames(names) : throw new InvalidDataException("The certificate's list of names is empty.");
        }
        catch (AsnContentException exception)
        {
            throw new InvalidDataException("The certificate's names are malformed.", exception);
        }
    }

    private static CertificateNames ReadNames(AsnReader names)
    {
        var uri = default(string);
        var hosts = new List<string>();
        while (names.HasData)
        {
            var tag = names.PeekTag();
            Require(tag);
            switch (tag.TagValue)
            {
                case UriTag:
                    // A certificate of two workloads would be whichever of them suits its holder.
                    uri = uri is null ? ReadText(names, tag) : throw new InvalidDataException("The certificate has two URI names.");
                    break;
                case DnsTag:
                    hosts.Add(ReadText(names, tag));
                    break;
                default:
                    names.ReadEncodedValue();
                    break;
            }
        }

        if (uri is not null && !ClientCertificates.SpiffeId.IsValid(uri))
        {
            throw new InvalidDataException("The certificate's URI name is no SPIFFE id.");
        }

        return new CertificateNames(uri, [.. hosts.Where(static host => DnsName.IsValid(host)).Select(static host => host.ToLowerInvariant())]);
    }

    private static void Require(Asn1Tag tag)
    {
        if (tag.TagClass != TagClass.ContextSpecific || tag.TagValue > LastTag || tag.IsConstructed != ((ConstructedTags & (1 << tag.TagValue)) != 0))
        {
            throw new InvalidDataException("The certificate has a name of an unknown kind.");
        }
    }

    private static string ReadText(AsnReader names, Asn1Tag tag)
    {
        var text = names.ReadCharacterString(UniversalTagNumber.IA5String, tag);

        // What ends at a NUL for one reader and goes on for another is two names.
        return text.AsSpan().ContainsAnyInRange('\0', '\x1f') ? throw new InvalidDataException("The certificate has a name with a control character.") : text;
    }
}
