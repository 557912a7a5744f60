using System.Buffers;

namespace SecureInference.Pipeline.Authentication.ClientCertificates;

/// <summary>The name of a workload: <c>spiffe://trust-domain/path</c>.</summary>
internal static class SpiffeId
{
    public const string Scheme = "spiffe://";
    private const int MaxLength = 2048;
    private const int MaxTrustDomainLength = 255;

    private static readonly SearchValues<char> TrustDomainCharacters = SearchValues.Create("0123456789abcdefghijklmnopqrstuvwxyz.-_");

    private static readonly SearchValues<char> PathCharacters =
        SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz.-_");

    /// <summary>Says whether this is an id of a workload, to the letter of the standard: no port, no query, no escape, no dot segment.</summary>
    public static bool IsValid(ReadOnlySpan<char> id)
    {
        if (id.Length > MaxLength || !id.StartsWith(Scheme, StringComparison.Ordinal) || !IsTrustDomain(TrustDomainOf(id)))
        {
            return false;
        }

        var path = PathOf(id);
        if (path.IsEmpty)
        {
            return false;
        }

        foreach (var segment in path.Split('/'))
        {
            if (!IsSegment(path[segment]))
            {
                return false;
            }
        }

        return true;
    }

    public static bool IsTrustDomain(ReadOnlySpan<char> name) =>
        !name.IsEmpty && name.Length <= MaxTrustDomainLength && !name.ContainsAnyExcept(TrustDomainCharacters);

    public static bool IsSegment(ReadOnlySpan<char> segment) =>
        !segment.IsEmpty && segment is not ("." or "..") && !segment.ContainsAnyExcept(PathCharacters);

    public static ReadOnlySpan<char> TrustDomainOf(ReadOnlySpan<char> id)
    {
        var rest = id[Scheme.Length..];
        var slash = rest.IndexOf('/');
        return slash < 0 ? rest : rest[..slash];
    }

    /// <summary>Returns what follows the trust domain and its slash.</summary>
    public static ReadOnlySpan<char> PathOf(ReadOnlySpan<char> id)
    {
        var rest = id[Scheme.Length..];
        var slash = rest.IndexOf('/');
        return slash < 0 ? default : rest[(slash + 1)..];
    }
}
