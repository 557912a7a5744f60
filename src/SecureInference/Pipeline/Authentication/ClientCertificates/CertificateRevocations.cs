using System.Security.Cryptography.X509Certificates;

namespace SecureInference.Pipeline.Authentication.ClientCertificates;

/// <summary>A certificate revocation list (RFC 5280): what one authority has taken back. Only whole lists of an authority's own; nothing is fetched.</summary>
internal sealed class CertificateRevocations
{
    private readonly ReadOnlyMemory<byte> _signed;
    private readonly byte[] _signature;
    private readonly SignatureKind _kind;
    private readonly HashSet<string> _serials;
    private volatile byte[]? _signer;

    internal CertificateRevocations(
        ReadOnlyMemory<byte> signed, byte[] signature, SignatureKind kind, byte[] issuer, DateTimeOffset thisUpdate, DateTimeOffset nextUpdate, HashSet<string> serials)
    {
        _signed = signed;
        _signature = signature;
        _kind = kind;
        Issuer = issuer;
        ThisUpdate = thisUpdate;
        NextUpdate = nextUpdate;
        _serials = serials;
    }

    /// <summary>Gets the name of the authority, encoded.</summary>
    public byte[] Issuer { get; }

    public DateTimeOffset ThisUpdate { get; }

    /// <summary>Gets when the authority makes the next list: from then on this one says nothing.</summary>
    public DateTimeOffset NextUpdate { get; }

    /// <summary>Says whether it lists a certificate of its authority.</summary>
    public bool Lists(X509Certificate2 certificate) => _serials.Contains(SerialOf(certificate.SerialNumberBytes.Span));

    /// <summary>Says whether this authority has signed the list.</summary>
    public bool IsSignedBy(X509Certificate2 authority)
    {
        // Names are no proof: another authority may bear the same one.
        if (!authority.SubjectName.RawData.AsSpan().SequenceEqual(Issuer) || !MaySign(authority))
        {
            return false;
        }

        // A long list is hashed once, not once a connection.
        var key = authority.PublicKey.ExportSubjectPublicKeyInfo();
        if (_signer is { } known && known.AsSpan().SequenceEqual(key))
        {
            return true;
        }

        if (!CertificateRules.HasStrongKey(authority) || !_kind.Verify(authority, _signed.Span, _signature))
        {
            return false;
        }

        _signer = key;
        return true;
    }

    public bool IsInForce(DateTimeOffset now) => now >= ThisUpdate && now < NextUpdate;

    /// <summary>Returns a serial number in one form, however many zeros it begins with.</summary>
    internal static string SerialOf(ReadOnlySpan<byte> number) => Convert.ToHexString(number.TrimStart((byte)0));

    private static bool MaySign(X509Certificate2 authority)
    {
        foreach (var extension in authority.Extensions)
        {
            if (extension is X509KeyUsageExtension usage)
            {
                return usage.KeyUsages.HasFlag(X509KeyUsageFlags.CrlSign);
            }
        }

        return true;
    }
}
