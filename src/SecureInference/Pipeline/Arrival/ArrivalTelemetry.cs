using System.Diagnostics.Metrics;

namespace SecureInference.Pipeline.Arrival;

/// <summary>Counts the requests that were refused before anything was asked of them.</summary>
internal sealed class ArrivalTelemetry(IMeterFactory meters)
{
    private readonly RefusalCounter _refused = new(meters, "arrival", "Requests refused for the road they came by.");

    public void Refused(InferenceError error) => _refused.Count("rule", error.Rule);
}
