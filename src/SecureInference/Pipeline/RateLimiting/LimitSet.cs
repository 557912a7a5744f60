using System.Collections.Frozen;

namespace SecureInference.Pipeline.RateLimiting;

/// <summary>All the limits in force, ready to be looked up; a reload puts another in its place.</summary>
internal sealed class LimitSet
{
    private readonly FrozenDictionary<string, TierPlans> _tiers;

    public LimitSet(RateLimitOptions options, LimitCounts counts)
    {
        IsDryRun = options.DryRun;
        Default = new TierPlans(RateLimitOptions.DefaultTier, options.Default, options, counts);
        _tiers = options.Tiers.ToFrozenDictionary(
            static tier => tier.Key, tier => new TierPlans(tier.Key, tier.Value, options, counts), StringComparer.Ordinal);
        Failures = counts.Failure(options.FailedAuthentication.Terms);
    }

    public bool IsDryRun { get; }

    public TierPlans Default { get; }

    /// <summary>Gets the limit of credentials that fail, for each network.</summary>
    public Limit Failures { get; }

    /// <summary>Finds a tier's limits.</summary>
    /// <returns>Nothing where the tier is not configured.</returns>
    public TierPlans? Find(string tier) => _tiers.GetValueOrDefault(tier);
}
