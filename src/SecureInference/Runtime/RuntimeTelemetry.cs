using System.Diagnostics.Metrics;

namespace SecureInference.Runtime;

/// <summary>Counts the requests that found no lane in time.</summary>
internal sealed class RuntimeTelemetry
{
    private readonly Counter<long> _refused;

    public RuntimeTelemetry(IMeterFactory meters) => _refused = meters.Create("SecureInference").CreateCounter<long>(
        "secure_inference.runtime.refused", "{request}", "Requests that found the queue full, or whose deadline passed.");

    public void QueueFull(string model) => Count(model, "queue_full");

    public void DeadlineExceeded(string model) => Count(model, "deadline_exceeded");

    private void Count(string model, string rule)
    {
        if (_refused.Enabled)
        {
            _refused.Add(1, new KeyValuePair<string, object?>("model", model), new KeyValuePair<string, object?>("rule", rule));
        }
    }
}
