using System.Net;

namespace SecureInference.Pipeline.Authentication.Jwt;

/// <summary>An issuer of tokens, and what its tokens must be.</summary>
public sealed class JwtIssuerOptions
{
    /// <summary>Gets or sets the issuer's address; its keys are found through <c>/.well-known/openid-configuration</c> below it.</summary>
    public string? Authority { get; set; }

    /// <summary>Gets or sets what a token must name in <c>iss</c>, where that is not the authority.</summary>
    /// <value>The default is <see langword="null"/>: the authority, with a slash at its end or without.</value>
    public string? Issuer { get; set; }

    /// <summary>Gets or sets what a token must name in <c>aud</c>.</summary>
    public string? Audience { get; set; }

    /// <summary>Gets or sets further audiences, any of which will do.</summary>
    /// <value>The default is empty.</value>
    public IList<string> Audiences { get; set; } = [];

    /// <summary>Gets or sets the algorithms that a token may be signed with.</summary>
    /// <value>The default is empty: RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384 and ES512.</value>
    public IList<string> Algorithms { get; set; } = [];

    /// <summary>Gets or sets the tier of the issuer's callers.</summary>
    /// <value>The default is <see langword="null"/>: the default limits.</value>
    public string? Tier { get; set; }

    /// <summary>Gets or sets whether a token must be bound to its client's certificate (RFC 8705).</summary>
    /// <value>The default is <see langword="false"/>: one that is bound is checked against the certificate all the same.</value>
    public bool RequireCertificateBinding { get; set; }

    /// <summary>Gets what stands in <c>iss</c>.</summary>
    internal string Name => Issuer is { Length: > 0 } issuer ? issuer : Authority ?? "";

    internal IEnumerable<string> AllAudiences => Audience is { Length: > 0 } audience ? [audience, .. Audiences] : Audiences;

    internal IEnumerable<string> Problems(string path)
    {
        if (!Uri.TryCreate(Authority, UriKind.Absolute, out var authority) || !IsSafe(authority))
        {
            yield return $"{path}:Authority is '{Authority}'. Write the https address of the issuer, for example https://login.example.com. (Only on the loopback interface may it be http.)";
        }
        else if (authority.Query.Length != 0 || authority.Fragment.Length != 0 || authority.UserInfo.Length != 0)
        {
            yield return $"{path}:Authority has more than an address and a path. Write, for example, https://login.example.com.";
        }

        // It stands between the issuer and the subject in a caller's name: two callers must never get the same.
        if (Name.AsSpan().ContainsAny('|', ' '))
        {
            yield return $"{path}:Issuer is '{Name}', which has a '|' or a blank in it. Write it as the tokens have it in 'iss'.";
        }

        if (!AllAudiences.Any() || AllAudiences.Any(string.IsNullOrWhiteSpace))
        {
            yield return $"{path}:Audience is missing. Write what the issuer's tokens for this service have in 'aud': without it, tokens meant for others would be accepted.";
        }

        foreach (var algorithm in Algorithms.Where(static algorithm => !TokenAlgorithms.All.Contains(algorithm)))
        {
            yield return $"{path}:Algorithms has '{algorithm}'. Write any of {string.Join(", ", TokenAlgorithms.All)}; names are case-sensitive, and secrets that are shared ('HS256') or no signature ('none') are never accepted.";
        }
    }

    private static bool IsSafe(Uri authority) => authority.Scheme == Uri.UriSchemeHttps
        || (authority.Scheme == Uri.UriSchemeHttp && (IPAddress.TryParse(authority.DnsSafeHost, out var address) ? IPAddress.IsLoopback(address) : authority.Host == "localhost"));
}
