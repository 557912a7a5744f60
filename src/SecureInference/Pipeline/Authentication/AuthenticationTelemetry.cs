using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using SecureInference.Pipeline.Authentication.ApiKeys;

namespace SecureInference.Pipeline.Authentication;

/// <summary>Says who was turned away, and how the key store is doing. It never says which key.</summary>
internal sealed partial class AuthenticationTelemetry
{
    private readonly ILogger _logger;
    private readonly RefusalCounter _refused;

    public AuthenticationTelemetry(IMeterFactory meters, ILogger<ApiKeyStore> logger)
    {
        _logger = logger;
        _refused = new RefusalCounter(meters, "authentication", "Requests without an accepted credential.");
    }

    public void Refused(InferenceError error) => _refused.Count("rule", error.Reason ?? error.Rule);

    [LoggerMessage(1200, LogLevel.Information, "The key store was read again: {Count} keys, generation {Generation}.")]
    public partial void StoreRead(int count, long generation);

    [LoggerMessage(1201, LogLevel.Error, "The key store has changed and cannot be read. The keys read last stay in force until it can.")]
    public partial void StoreBroken(Exception exception);
}
