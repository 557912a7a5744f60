using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;

namespace SecureInference.Pipeline.Authentication;

/// <summary>Says who was turned away, and how the key store is doing. It never says which key.</summary>
internal sealed partial class AuthenticationTelemetry
{
    private readonly ILogger _logger;
    private readonly Counter<long> _refused;

    public AuthenticationTelemetry(IMeterFactory meters, ILogger<ApiKeyStore> logger)
    {
        _logger = logger;
        _refused = meters.Create("SecureInference").CreateCounter<long>(
            "secure_inference.authentication.refused", "{request}", "Requests without an accepted credential.");
    }

    public void Refused(InferenceError error)
    {
        if (_refused.Enabled)
        {
            _refused.Add(1, new KeyValuePair<string, object?>("rule", error.Reason ?? error.Rule));
        }
    }

    [LoggerMessage(1200, LogLevel.Information, "The key store was read again: {Count} keys, generation {Generation}.")]
    public partial void StoreRead(int count, long generation);

    [LoggerMessage(1201, LogLevel.Error, "The key store has changed and cannot be read. The keys read last stay in force until it can.")]
    public partial void StoreBroken(Exception exception);
}
