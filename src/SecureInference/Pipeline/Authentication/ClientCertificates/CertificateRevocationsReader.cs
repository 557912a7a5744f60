using System.Formats.Asn1;
using System.Text;

namespace SecureInference.Pipeline.Authentication.ClientCertificates;

/// <summary>Reads certificate revocation lists: strict DER, and nothing that it does not understand is passed over where it matters.</summary>
internal static class CertificateRevocationsReader
{
    private const string PemLabel = "X509 CRL";
    private const string DeltaIndicator = "2.5.29.27";
    private const string IssuingDistributionPoint = "2.5.29.28";
    private const string CertificateIssuer = "2.5.29.29";
    private const int Version2 = 1;

    /// <summary>RFC 5280: two digits from 50 on are of the twentieth century.</summary>
    private const int LastTwoDigitYear = 2049;

    private static readonly Asn1Tag ExtensionsTag = new(TagClass.ContextSpecific, 0, isConstructed: true);

    /// <summary>Reads a file: one list in DER, or any number in PEM.</summary>
    /// <exception cref="InvalidDataException">It is malformed, or of a kind that is not supported; the message says why.</exception>
    public static List<CertificateRevocations> Parse(byte[] bytes, string path)
    {
        const byte SequenceTag = 0x30;
        var source = $"The certificate revocation list '{path}'";
        if (bytes is [SequenceTag, ..])
        {
            return [ParseDer(bytes, source)];
        }

        var lists = new List<CertificateRevocations>();
        foreach (var block in PemBlock.ReadAll(Encoding.UTF8.GetString(bytes), source))
        {
            lists.Add(block.Label == PemLabel
                ? ParseDer(block.Data, source)
                : throw new InvalidDataException($"{source} has a block '{block.Label}'. Leave blocks '{PemLabel}' only in it."));
        }

        return lists.Count != 0 ? lists : throw new InvalidDataException($"{source} holds no list. Write it in DER, or in PEM with -----BEGIN {PemLabel}-----.");
    }

    private static CertificateRevocations ParseDer(byte[] bytes, string source)
    {
        try
        {
            var whole = new AsnReader(bytes, AsnEncodingRules.DER);
            var list = whole.ReadSequence();
            whole.ThrowIfNotEmpty();
            var signed = list.PeekEncodedValue();
            var content = list.ReadSequence();
            var algorithm = list.ReadEncodedValue();
            var signature = list.ReadBitString(out var unused);
            list.ThrowIfNotEmpty();
            return unused == 0 && SignatureKind.Read(algorithm) is { } kind
                ? ReadContent(content, signed, algorithm, signature, kind, source)
                : throw new InvalidDataException($"{source} is signed in a way that is not accepted. It must be RSA (PKCS #1 or PSS) or ECDSA, with SHA-256, SHA-384 or SHA-512.");
        }
        catch (AsnContentException exception)
        {
            throw new InvalidDataException($"{source} is malformed. Export it again from the authority.", exception);
        }
    }

    private static CertificateRevocations ReadContent(
        AsnReader content, ReadOnlyMemory<byte> signed, ReadOnlyMemory<byte> algorithm, byte[] signature, SignatureKind kind, string source)
    {
        if (content.PeekTag().HasSameClassAndValue(Asn1Tag.Integer) && (!content.TryReadInt32(out var version) || version != Version2))
        {
            throw new InvalidDataException($"{source} is of a version that is not supported.");
        }

        if (!content.ReadEncodedValue().Span.SequenceEqual(algorithm.Span))
        {
            throw new InvalidDataException($"{source} contradicts itself about how it is signed.");
        }

        var issuer = content.PeekEncodedValue().ToArray();
        content.ReadSequence();
        var thisUpdate = ReadTime(content);
        if (!content.HasData || !IsTime(content.PeekTag()))
        {
            throw new InvalidDataException($"{source} does not say when the next one comes (nextUpdate), so that nobody can tell an old one. Set it at the authority.");
        }

        var nextUpdate = ReadTime(content);
        var serials = content.HasData && content.PeekTag().HasSameClassAndValue(Asn1Tag.Sequence) ? ReadEntries(content.ReadSequence(), source) : [];
        if (content.HasData)
        {
            ReadExtensions(content.ReadSequence(ExtensionsTag).ReadSequence(), source, isEntry: false);
            content.ThrowIfNotEmpty();
        }

        return new CertificateRevocations(signed, signature, kind, issuer, thisUpdate, nextUpdate, serials);
    }

    private static HashSet<string> ReadEntries(AsnReader entries, string source)
    {
        var serials = new HashSet<string>(StringComparer.Ordinal);
        while (entries.HasData)
        {
            var entry = entries.ReadSequence();
            serials.Add(CertificateRevocations.SerialOf(entry.ReadIntegerBytes().Span));
            ReadTime(entry);
            if (entry.HasData)
            {
                ReadExtensions(entry.ReadSequence(), source, isEntry: true);
                entry.ThrowIfNotEmpty();
            }
        }

        return serials;
    }

    private static void ReadExtensions(AsnReader extensions, string source, bool isEntry)
    {
        while (extensions.HasData)
        {
            var extension = extensions.ReadSequence();
            var id = extension.ReadObjectIdentifier();
            var isCritical = extension.PeekTag().HasSameClassAndValue(Asn1Tag.Boolean) && extension.ReadBoolean();
            extension.ReadOctetString();
            extension.ThrowIfNotEmpty();

            // A list of changes, of a part, or of another authority's certificates: taken for the whole list it would say that everything else is good.
            if (id is DeltaIndicator or IssuingDistributionPoint or CertificateIssuer || isCritical)
            {
                throw new InvalidDataException(
                    $"{source} has {(isEntry ? "an entry with " : "")}the extension {id}, which is not supported. Use the authority's complete list (no delta, indirect or partitioned one).");
            }
        }
    }

    private static bool IsTime(Asn1Tag tag) => tag.HasSameClassAndValue(Asn1Tag.UtcTime) || tag.HasSameClassAndValue(Asn1Tag.GeneralizedTime);

    private static DateTimeOffset ReadTime(AsnReader reader) => reader.PeekTag().HasSameClassAndValue(Asn1Tag.UtcTime)
        ? reader.ReadUtcTime(LastTwoDigitYear)
        : reader.ReadGeneralizedTime();
}
