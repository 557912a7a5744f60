using System.Diagnostics.Metrics;

namespace SecureInference.Runtime;

/// <summary>Counts the requests that found no lane in time.</summary>
internal sealed class RuntimeTelemetry(IMeterFactory meters)
{
    private readonly RefusalCounter _refused = new(meters, "runtime", "Requests that found the queue full, or whose deadline passed.");

    public void QueueFull(string model) => _refused.Count(model, "rule", "queue_full");

    public void DeadlineExceeded(string model) => _refused.Count(model, "rule", "deadline_exceeded");
}
