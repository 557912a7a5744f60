namespace SecureInference.Pipeline.RateLimiting;

/// <summary>How much callers may do.</summary>
public sealed class RateLimitOptions
{
    /// <summary>Gets or sets the limit of callers without a tier.</summary>
    public TokenBucketOptions Default { get; set; } = new();

    /// <summary>Gets or sets the limits of tiers, by name.</summary>
    public IDictionary<string, TokenBucketOptions> Tiers { get; set; } = new Dictionary<string, TokenBucketOptions>(StringComparer.Ordinal);

    internal IEnumerable<string> Problems()
    {
        foreach (var problem in Default.Problems("RateLimits:Default"))
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
