using System.Diagnostics.Metrics;

namespace SecureInference.Pipeline.RateLimiting;

/// <summary>Counts the requests that came too soon.</summary>
internal sealed class RateLimitingTelemetry
{
    private readonly Counter<long> _refused;

    public RateLimitingTelemetry(IMeterFactory meters) => _refused = meters.Create("SecureInference").CreateCounter<long>(
        "secure_inference.rate_limiting.refused", "{request}", "Requests over their caller's limit.");

    public void Refused(bool isKnownCaller)
    {
        if (_refused.Enabled)
        {
            _refused.Add(1, new KeyValuePair<string, object?>("caller", isKnownCaller ? "known" : "unknown"));
        }
    }
}
