using System.Diagnostics.Metrics;

namespace SecureInference.Pipeline.Arrival;

/// <summary>Counts the requests that were refused before anything was asked of them.</summary>
internal sealed class ArrivalTelemetry
{
    private readonly Counter<long> _refused;

    public ArrivalTelemetry(IMeterFactory meters) => _refused = meters.Create("SecureInference").CreateCounter<long>(
        "secure_inference.arrival.refused", "{request}", "Requests refused for the road they came by.");

    public void Refused(InferenceError error)
    {
        if (_refused.Enabled)
        {
            _refused.Add(1, new KeyValuePair<string, object?>("rule", error.Rule));
        }
    }
}
