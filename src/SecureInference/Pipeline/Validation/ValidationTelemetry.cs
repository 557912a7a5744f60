using System.Diagnostics.Metrics;

namespace SecureInference.Pipeline.Validation;

/// <summary>Counts the requests whose tensors did not match.</summary>
internal sealed class ValidationTelemetry(IMeterFactory meters)
{
    private readonly RefusalCounter _refused = new(meters, "validation", "Requests whose tensors did not match the model.");

    public void Refused(string model) => _refused.Count("model", model);
}
