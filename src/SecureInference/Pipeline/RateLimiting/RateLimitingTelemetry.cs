using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;

namespace SecureInference.Pipeline.RateLimiting;

/// <summary>Counts the requests that came too soon.</summary>
internal sealed partial class RateLimitingTelemetry
{
    private readonly ILogger _logger;
    private readonly RefusalCounter _refused;
    private readonly RefusalCounter _wouldRefuse;

    public RateLimitingTelemetry(IMeterFactory meters, ILogger<CallerLimiter> logger)
    {
        _logger = logger;
        _refused = new RefusalCounter(meters, "rate_limiting", "Requests over their caller's limit.");
        _wouldRefuse = new RefusalCounter(meters, "rate_limiting.dry_run", "Requests over their caller's limit that passed, since limits are only tried out.");
    }

    [LoggerMessage(1250, LogLevel.Warning, "Callers are on the tier {Tier}, which is not configured: the default limit applies to them. Add it to RateLimits:Tiers.")]
    public partial void UnknownTier(string tier);

    [LoggerMessage(1251, LogLevel.Information, "Changed limits are in force.")]
    public partial void Changed();

    [LoggerMessage(1252, LogLevel.Error, "The changed limits are not used, and those before stay in force: {Problem}")]
    public partial void NotChanged(string problem);

    public void WouldRefuse(bool isKnownCaller) => _wouldRefuse.Count("caller", isKnownCaller ? "known" : "unknown");

    public void Refused(bool isKnownCaller) => _refused.Count("caller", isKnownCaller ? "known" : "unknown");
}
