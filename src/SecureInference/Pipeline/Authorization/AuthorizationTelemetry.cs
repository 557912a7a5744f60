using System.Diagnostics.Metrics;

namespace SecureInference.Pipeline.Authorization;

/// <summary>Counts the requests that their caller was not allowed.</summary>
internal sealed class AuthorizationTelemetry(IMeterFactory meters)
{
    private readonly RefusalCounter _refused = new(meters, "authorization", "Requests that their caller was not allowed.");

    public void Refused(InferenceError error) => _refused.Count("rule", error.Rule);
}
