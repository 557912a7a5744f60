using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;

namespace SecureInference.Pipeline.RateLimiting;

/// <summary>Counts the requests that came too soon.</summary>
internal sealed partial class RateLimitingTelemetry
{
    private readonly ILogger _logger;
    private readonly RefusalCounter _refused;

    public RateLimitingTelemetry(IMeterFactory meters, ILogger<CallerLimiter> logger)
    {
        _logger = logger;
        _refused = new RefusalCounter(meters, "rate_limiting", "Requests over their caller's limit.");
    }

    [LoggerMessage(1250, LogLevel.Warning, "Callers are on the tier {Tier}, which is not configured: the default limit applies to them. Add it to RateLimits:Tiers.")]
    public partial void UnknownTier(string tier);

    public void Refused(bool isKnownCaller) => _refused.Count("caller", isKnownCaller ? "known" : "unknown");
}
