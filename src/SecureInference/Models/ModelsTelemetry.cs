using Microsoft.Extensions.Logging;

namespace SecureInference.Models;

/// <summary>Says what is served.</summary>
internal sealed partial class ModelsTelemetry(ILogger<ModelCatalog> logger)
{
    private readonly ILogger _logger = logger;

    [LoggerMessage(1300, LogLevel.Information, "Model {Model} is loaded and warm: {Lanes} lanes, {Milliseconds} ms.")]
    public partial void Loaded(string model, int lanes, long milliseconds);
}
