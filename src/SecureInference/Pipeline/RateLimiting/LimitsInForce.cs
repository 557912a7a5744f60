using System.Collections.Concurrent;

namespace SecureInference.Pipeline.RateLimiting;

/// <summary>The limits that apply at the moment, and whose they are.</summary>
internal sealed class LimitsInForce(RateLimitOptions options, LimitCounts counts, RateLimitingTelemetry telemetry)
{
    private const int MaxUnknownTiers = 100;
    private readonly Lock _applying = new();
    private readonly ConcurrentDictionary<string, bool> _unknownTiers = new(StringComparer.Ordinal);
    private volatile LimitSet _current = new(options, counts);

    public LimitSet Current => _current;

    /// <summary>Puts changed limits in force. What callers have used stays used.</summary>
    public void Apply(RateLimitOptions changed)
    {
        lock (_applying)
        {
            counts.RequireRoomFor(changed.Tiers.Keys);
            _current = new LimitSet(changed, counts);
        }
    }

    /// <summary>Finds the limits of a caller's tier.</summary>
    public TierPlans Of(Caller caller)
    {
        var limits = _current;
        if (caller.Tier is not { } tier)
        {
            return limits.Default;
        }

        if (limits.Find(tier) is { } found)
        {
            return found;
        }

        // A tier that is not configured must not mean no limit. Whoever issues credentials chooses their names: only so many are told apart.
        if (!_unknownTiers.ContainsKey(tier) && _unknownTiers.Count < MaxUnknownTiers && _unknownTiers.TryAdd(tier, true))
        {
            telemetry.UnknownTier(tier);
        }

        return limits.Default;
    }
}
