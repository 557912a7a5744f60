namespace SecureInference.Pipeline.RateLimiting;

/// <summary>How much may be asked of one model, beside what its callers may do.</summary>
public sealed class ModelLimitOptions
{
    /// <summary>Gets or sets the tokens that one row costs, where <see cref="RateLimitOptions.Cost"/> is <see cref="RequestCost.WeightedRows"/>.</summary>
    /// <value>The default is 1.</value>
    public int Weight { get; set; } = 1;

    /// <summary>Gets or sets a bucket that each caller has for this model.</summary>
    /// <value>The default is <see langword="null"/>: there is none.</value>
    public TokenBucketOptions? PerCaller { get; set; }

    /// <summary>Gets or sets a bucket that all callers of this model take from together.</summary>
    /// <value>The default is <see langword="null"/>: there is none.</value>
    public TokenBucketOptions? Total { get; set; }

    internal IEnumerable<string> Problems(string path)
    {
        if (Weight < 1)
        {
            yield return $"{path}:Weight is {Weight}. Write at least 1.";
        }

        foreach (var problem in (PerCaller?.Problems($"{path}:PerCaller") ?? []).Concat(Total?.Problems($"{path}:Total") ?? []))
        {
            yield return problem;
        }
    }
}
