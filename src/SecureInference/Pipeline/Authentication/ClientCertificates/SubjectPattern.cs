using System.Diagnostics.CodeAnalysis;

namespace SecureInference.Pipeline.Authentication.ClientCertificates;

/// <summary>A SPIFFE id or a DNS name, in which <c>*</c> stands for one path segment or one label.</summary>
internal sealed class SubjectPattern
{
    private const string Any = "*";
    private readonly string[] _parts;

    private SubjectPattern(string? trustDomain, string[] parts)
    {
        TrustDomain = trustDomain;
        _parts = parts;
    }

    /// <summary>Gets the trust domain of a SPIFFE id; <see langword="null"/> for a DNS name.</summary>
    public string? TrustDomain { get; }

    public static bool TryParse(string? text, [NotNullWhen(true)] out SubjectPattern? pattern)
    {
        pattern = string.IsNullOrEmpty(text) ? null : text.StartsWith(SpiffeId.Scheme, StringComparison.Ordinal) ? ParseSpiffeId(text) : ParseDnsName(text);
        return pattern is not null;
    }

    /// <summary>Says whether a valid SPIFFE id is meant.</summary>
    public bool MatchesSpiffeId(ReadOnlySpan<char> id) =>
        TrustDomain is not null && SpiffeId.TrustDomainOf(id).SequenceEqual(TrustDomain) && Matches(SpiffeId.PathOf(id), '/', StringComparison.Ordinal);

    /// <summary>Says whether a valid DNS name is meant.</summary>
    public bool MatchesDnsName(ReadOnlySpan<char> name) => TrustDomain is null && Matches(name, '.', StringComparison.OrdinalIgnoreCase);

    private static SubjectPattern? ParseSpiffeId(string text)
    {
        var trustDomain = SpiffeId.TrustDomainOf(text);
        var parts = SpiffeId.PathOf(text).ToString().Split('/');
        return SpiffeId.IsTrustDomain(trustDomain) && Array.TrueForAll(parts, static part => part == Any || SpiffeId.IsSegment(part))
            ? new SubjectPattern(trustDomain.ToString(), parts)
            : null;
    }

    private static SubjectPattern? ParseDnsName(string text)
    {
        var parts = text.Split('.');

        // The last label is never open: "*" would be every host of a name without dots.
        return Array.TrueForAll(parts, static part => part == Any || DnsName.IsLabel(part)) && parts[^1] != Any && DnsName.IsValid(text.Replace(Any, "x", StringComparison.Ordinal))
            ? new SubjectPattern(trustDomain: null, parts)
            : null;
    }

    private bool Matches(ReadOnlySpan<char> text, char separator, StringComparison comparison)
    {
        var index = 0;
        foreach (var range in text.Split(separator))
        {
            if (index == _parts.Length || (_parts[index] != Any && !text[range].Equals(_parts[index], comparison)))
            {
                return false;
            }

            index++;
        }

        return index == _parts.Length;
    }
}
