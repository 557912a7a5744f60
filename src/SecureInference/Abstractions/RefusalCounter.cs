using System.Diagnostics.Metrics;

namespace SecureInference;

/// <summary>Counts what one guard refuses; nothing is built for it where nobody listens.</summary>
internal sealed class RefusalCounter(IMeterFactory meters, string guard, string description)
{
    private readonly Counter<long> _refused = meters.Create(SecureInferenceDefaults.TelemetryName).CreateCounter<long>(
        $"secure_inference.{guard}.refused", "{request}", description);

    public void Count(string tag, string value)
    {
        if (_refused.Enabled)
        {
            _refused.Add(1, new KeyValuePair<string, object?>(tag, value));
        }
    }

    public void Count(string model, string tag, string value)
    {
        if (_refused.Enabled)
        {
            _refused.Add(1, new KeyValuePair<string, object?>("model", model), new KeyValuePair<string, object?>(tag, value));
        }
    }
}
