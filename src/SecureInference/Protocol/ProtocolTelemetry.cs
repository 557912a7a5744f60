using Microsoft.Extensions.Logging;

namespace SecureInference.Protocol;

/// <summary>Says what must not happen.</summary>
internal sealed partial class ProtocolTelemetry(ILogger<InferEndpoint> logger)
{
    private readonly ILogger _logger = logger;

    [LoggerMessage(1400, LogLevel.Error, "An infer request failed inside the server.")]
    public partial void Failed(Exception exception);
}
