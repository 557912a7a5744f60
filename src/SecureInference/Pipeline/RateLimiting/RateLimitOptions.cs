namespace SecureInference.Pipeline.RateLimiting;

/// <summary>How much callers may do.</summary>
public sealed class RateLimitOptions
{
    /// <summary>Gets or sets the limit of callers without a tier.</summary>
    public TokenBucketOptions Default { get; set; } = new();

    /// <summary>Gets or sets the limits of tiers, by name.</summary>
    public IDictionary<string, TokenBucketOptions> Tiers { get; set; } = new Dictionary<string, TokenBucketOptions>(StringComparer.Ordinal);

    /// <summary>Gets or sets how many failed attempts to be recognised are answered as what they are, a network; the ones beyond get 429.</summary>
    /// <value>The default is 60 tokens, one a second.</value>
    /// <remarks>An accepted credential always passes, whoever shares its network.</remarks>
    public TokenBucketOptions FailedAuthentication { get; set; } = new() { TokensPerPeriod = 1 };

    internal IEnumerable<string> Problems()
    {
        foreach (var problem in Default.Problems("RateLimits:Default"))
        {
            yield return problem;
        }

        foreach (var problem in FailedAuthentication.Problems("RateLimits:FailedAuthentication"))
        {
            yield return problem;
        }

        foreach (var (name, tier) in Tiers)
        {
            if (!ModelName.IsValid(name))
            {
                yield return $"RateLimits:Tiers has '{name}'. A tier's name is {ModelName.Rule}.";
            }

            foreach (var problem in tier.Problems($"RateLimits:Tiers:{name}"))
            {
                yield return problem;
            }
        }
    }
}
