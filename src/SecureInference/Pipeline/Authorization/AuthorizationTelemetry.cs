using System.Diagnostics.Metrics;

namespace SecureInference.Pipeline.Authorization;

/// <summary>Counts the requests that their caller was not allowed.</summary>
internal sealed class AuthorizationTelemetry
{
    private readonly Counter<long> _refused;

    public AuthorizationTelemetry(IMeterFactory meters) => _refused = meters.Create("SecureInference").CreateCounter<long>(
        "secure_inference.authorization.refused", "{request}", "Requests that their caller was not allowed.");

    public void Refused(InferenceError error)
    {
        if (_refused.Enabled)
        {
            _refused.Add(1, new KeyValuePair<string, object?>("rule", error.Rule));
        }
    }
}
