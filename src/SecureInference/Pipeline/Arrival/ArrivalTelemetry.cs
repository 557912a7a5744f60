using System.Diagnostics.Metrics;

namespace SecureInference.Pipeline.Arrival;

/// <summary>Counts the requests and connections that were refused before anything was asked of them.</summary>
internal sealed class ArrivalTelemetry(IMeterFactory meters)
{
    private readonly RefusalCounter _refused = new(meters, "arrival", "Requests refused for the road they came by.");
    private readonly Counter<long> _connections = meters.Create(SecureInferenceDefaults.TelemetryName).CreateCounter<long>(
        "secure_inference.arrival.connections_refused", "{connection}", "Connections closed at once, since too many were open on which no caller was known.");

    public void Refused(InferenceError error) => _refused.Count("rule", error.Rule);

    /// <summary>Counts a connection by the limit that was reached: the one in all, or its network's.</summary>
    public void ConnectionRefused(string? limit)
    {
        if (_connections.Enabled)
        {
            _connections.Add(1, new KeyValuePair<string, object?>("limit", limit));
        }
    }
}
