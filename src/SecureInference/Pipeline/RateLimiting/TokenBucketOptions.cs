namespace SecureInference.Pipeline.RateLimiting;

/// <summary>One token bucket; a request costs one token.</summary>
public sealed class TokenBucketOptions
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

    internal IEnumerable<string> Problems(string path)
    {
        if (TokenLimit < 1)
        {
            yield return $"{path}:TokenLimit is {TokenLimit}. Write at least 1.";
        }

        if (TokensPerPeriod < 1)
        {
            yield return $"{path}:TokensPerPeriod is {TokensPerPeriod}. Write at least 1.";
        }

        if (ReplenishmentPeriod <= TimeSpan.Zero || ReplenishmentPeriod > TimeSpan.FromDays(1))
        {
            yield return $"{path}:ReplenishmentPeriod is {ReplenishmentPeriod}. Write a time above zero, up to one day, for example 00:00:01.";
        }
        else if (TokenLimit >= 1 && TokensPerPeriod >= 1 && ReplenishmentPeriod.TotalDays / TokensPerPeriod * TokenLimit > 366)
        {
            yield return $"{path} takes more than a year to fill. Write a smaller TokenLimit or a larger TokensPerPeriod.";
        }
    }
}
