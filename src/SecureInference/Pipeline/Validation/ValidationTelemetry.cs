using System.Diagnostics.Metrics;

namespace SecureInference.Pipeline.Validation;

/// <summary>Counts the requests whose tensors did not match.</summary>
internal sealed class ValidationTelemetry
{
    private readonly Counter<long> _refused;

    public ValidationTelemetry(IMeterFactory meters) => _refused = meters.Create("SecureInference").CreateCounter<long>(
        "secure_inference.validation.refused", "{request}", "Requests whose tensors did not match the model.");

    public void Refused(string model)
    {
        if (_refused.Enabled)
        {
            _refused.Add(1, new KeyValuePair<string, object?>("model", model));
        }
    }
}
