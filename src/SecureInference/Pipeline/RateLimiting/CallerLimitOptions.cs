namespace SecureInference.Pipeline.RateLimiting;

/// <summary>How much each caller of a tier may do.</summary>
public sealed class CallerLimitOptions
{
    /// <summary>Gets or sets the tokens that a full bucket holds: the largest burst.</summary>
    /// <value>The default is 60.</value>
    public int TokenLimit { get; set; } = 60;

    /// <summary>Gets or sets the tokens that come back in each period, spread evenly over it.</summary>
    /// <value>The default is 20.</value>
    public int TokensPerPeriod { get; set; } = 20;

    /// <summary>Gets or sets the period.</summary>
    /// <value>The default is one second.</value>
    public TimeSpan ReplenishmentPeriod { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Gets or sets the requests of a caller that may go on at once, on this node.</summary>
    /// <value>The default is <see langword="null"/>: as many as the bucket lets in.</value>
    public int? ConcurrencyLimit { get; set; }

    /// <summary>Gets or sets the tokens that a caller has for a day, from midnight to midnight UTC.</summary>
    /// <value>The default is <see langword="null"/>: as many as the bucket lets in.</value>
    /// <remarks>A restart forgets what was used, except where nodes share their limits.</remarks>
    public int? DailyLimit { get; set; }

    /// <summary>Gets or sets a bucket of the bytes that a caller sends as bodies, counted after they are inflated.</summary>
    /// <value>The default is <see langword="null"/>: bytes are not counted.</value>
    public TokenBucketOptions? Bytes { get; set; }

    /// <summary>Gets or sets a bucket that all the callers of the tier take from together, beside each its own.</summary>
    /// <value>The default is <see langword="null"/>: there is none.</value>
    public TokenBucketOptions? Total { get; set; }

    internal BucketTerms Terms => new(TokenLimit, TokensPerPeriod, ReplenishmentPeriod);

    internal IEnumerable<string> Problems(string path)
    {
        if (ConcurrencyLimit < 1)
        {
            yield return $"{path}:ConcurrencyLimit is {ConcurrencyLimit}. Write at least 1, or remove it.";
        }

        if (DailyLimit < 1)
        {
            yield return $"{path}:DailyLimit is {DailyLimit}. Write at least 1, or remove it.";
        }

        foreach (var problem in BucketRules.Problems(path, Terms, BucketRate.UnitsPerToken)
            .Concat(Bytes?.Problems($"{path}:Bytes", BucketRate.UnitsPerByte) ?? [])
            .Concat(Total?.Problems($"{path}:Total") ?? []))
        {
            yield return problem;
        }
    }
}
