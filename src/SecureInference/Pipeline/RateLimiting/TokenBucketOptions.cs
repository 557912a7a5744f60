namespace SecureInference.Pipeline.RateLimiting;

/// <summary>One token bucket.</summary>
public sealed class TokenBucketOptions
{
    /// <summary>Gets or sets the tokens that a full bucket holds: the largest burst.</summary>
    /// <value>There is no default: a bucket that is switched on says how large it is.</value>
    public int TokenLimit { get; set; }

    /// <summary>Gets or sets the tokens that come back in each period, spread evenly over it.</summary>
    /// <value>There is no default.</value>
    public int TokensPerPeriod { get; set; }

    /// <summary>Gets or sets the period.</summary>
    /// <value>The default is one second.</value>
    public TimeSpan ReplenishmentPeriod { get; set; } = TimeSpan.FromSeconds(1);

    internal BucketTerms Terms => new(TokenLimit, TokensPerPeriod, ReplenishmentPeriod);

    internal IEnumerable<string> Problems(string path, int unitsPerToken = BucketRate.UnitsPerToken) => BucketRules.Problems(path, Terms, unitsPerToken);
}
