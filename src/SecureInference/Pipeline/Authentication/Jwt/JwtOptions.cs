namespace SecureInference.Pipeline.Authentication.Jwt;

/// <summary>Whose tokens are accepted, and how long one that was checked is remembered.</summary>
public sealed class JwtOptions
{
    /// <summary>More does not fit into a request's header, and is never a token.</summary>
    private const int LongestToken = 16 * 1024;

    /// <summary>Room enough for any app; each token takes some hundred bytes.</summary>
    private const int LargestCache = 10_000_000;

    /// <summary>Gets or sets who issues tokens.</summary>
    /// <value>The default is empty: no token is accepted.</value>
    public IList<JwtIssuerOptions> Issuers { get; set; } = [];

    /// <summary>Gets or sets how far an issuer's clock may be from this one.</summary>
    /// <value>The default is 30 seconds.</value>
    public TimeSpan ClockSkew { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Gets or sets how many tokens that were checked are remembered; 0 for none.</summary>
    /// <value>The default is 10,000.</value>
    public int TokenCacheSize { get; set; } = 10_000;

    /// <summary>Gets or sets how long a token that was checked is remembered before its signature is checked again; its expiry and revocation are looked at with every request.</summary>
    /// <value>The default is a minute.</value>
    public TimeSpan TokenCacheLifetime { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Gets or sets the most characters that a token may have.</summary>
    /// <value>The default is 8,192.</value>
    public int MaxTokenLength { get; set; } = 8 * 1024;

    /// <summary>Gets or sets how long an issuer's keys that were fetched last stay in force while they cannot be fetched again; then its tokens are answered with 503.</summary>
    /// <value>The default is a day.</value>
    public TimeSpan MaxStaleness { get; set; } = TimeSpan.FromDays(1);

    internal IEnumerable<string> Problems()
    {
        if (MaxStaleness < TimeSpan.FromMinutes(15) || MaxStaleness > TimeSpan.FromDays(30))
        {
            yield return $"Jwt:MaxStaleness is {MaxStaleness}. Write a time between 00:15:00 and 30.00:00:00.";
        }

        if (ClockSkew < TimeSpan.Zero || ClockSkew > TimeSpan.FromMinutes(5))
        {
            yield return $"Jwt:ClockSkew is {ClockSkew}. Write a time between 00:00:00 and 00:05:00.";
        }

        if (TokenCacheSize is < 0 or > LargestCache)
        {
            yield return $"Jwt:TokenCacheSize is {TokenCacheSize}. Write a number between 0 and {LargestCache}.";
        }

        if (TokenCacheLifetime <= TimeSpan.Zero || TokenCacheLifetime > TimeSpan.FromMinutes(5))
        {
            yield return $"Jwt:TokenCacheLifetime is {TokenCacheLifetime}. Write a time up to 00:05:00; to remember no token, set Jwt:TokenCacheSize to 0.";
        }

        if (MaxTokenLength is < 256 or > LongestToken)
        {
            yield return $"Jwt:MaxTokenLength is {MaxTokenLength}. Write a number between 256 and {LongestToken}.";
        }

        foreach (var problem in Issuers.SelectMany(static (issuer, index) => issuer is null
            ? [$"Jwt:Issuers:{index} is empty. Write a section with Authority and Audience."]
            : issuer.Problems($"Jwt:Issuers:{index}")))
        {
            yield return problem;
        }

        // Two entries for one issuer: which of the two decided would hang on their order.
        foreach (var twice in Issuers.Where(static issuer => issuer is not null)
            .GroupBy(static issuer => IssuerName.Canonical(issuer.Name), StringComparer.Ordinal).Where(static group => group.Count() > 1))
        {
            yield return $"Jwt:Issuers has '{twice.Key}' more than once. Keep one, and list its audiences in Audiences.";
        }
    }
}
