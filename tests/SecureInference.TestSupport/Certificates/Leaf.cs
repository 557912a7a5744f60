using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SecureInference.TestSupport.Certificates;

/// <summary>What a client certificate says; as it stands, it is one of a workload.</summary>
public sealed record Leaf
{
    public const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";
    public const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    public const string Checkout = "spiffe://prod/ns/shop/sa/checkout";

    public string CommonName { get; init; } = "client";

    public IReadOnlyList<string> Uris { get; init; } = [];

    public IReadOnlyList<string> DnsNames { get; init; } = [];

    /// <summary>The names as they are, in place of <see cref="Uris"/> and <see cref="DnsNames"/>.</summary>
    public byte[]? Names { get; init; }

    public DateTimeOffset? NotBefore { get; init; }

    public DateTimeOffset? NotAfter { get; init; }

    public bool IsAuthority { get; init; }

    public X509KeyUsageFlags? KeyUsage { get; init; } = X509KeyUsageFlags.DigitalSignature;

    public IReadOnlyList<string> Purposes { get; init; } = [ClientAuthentication];

    public HashAlgorithmName Hash { get; init; } = HashAlgorithmName.SHA256;

    /// <summary>The size of an RSA key; without one the key is ECDSA on P-256.</summary>
    public int? RsaBits { get; init; }

    public IReadOnlyList<X509Extension> More { get; init; } = [];

    public static Leaf Of(params string[] uris) => new() { Uris = uris };

    public static Leaf OfHost(params string[] names) => new() { DnsNames = names };

    internal IEnumerable<X509Extension> Extensions()
    {
        yield return new X509BasicConstraintsExtension(IsAuthority, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true);
        if (KeyUsage is { } usage)
        {
            yield return new X509KeyUsageExtension(usage, critical: true);
        }

        if (Purposes.Count != 0)
        {
            yield return new X509EnhancedKeyUsageExtension([.. Purposes.Select(static purpose => new Oid(purpose))], critical: false);
        }

        if (Names is not null)
        {
            yield return new X509Extension("2.5.29.17", Names, critical: false);
        }
        else if (Uris.Count + DnsNames.Count != 0)
        {
            var names = new SubjectAlternativeNameBuilder();
            foreach (var uri in Uris)
            {
                names.AddUri(new Uri(uri));
            }

            foreach (var name in DnsNames)
            {
                names.AddDnsName(name);
            }

            yield return names.Build();
        }

        foreach (var extension in More)
        {
            yield return extension;
        }
    }
}
