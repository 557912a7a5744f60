using Microsoft.Extensions.Logging;

namespace SecureInference.Models;

/// <summary>Says what is served.</summary>
internal sealed partial class ModelsTelemetry(ILogger<ModelCatalog> logger)
{
    private readonly ILogger _logger = logger;

    [LoggerMessage(1300, LogLevel.Information, "Model {Model} is loaded and warm: {Lanes} lanes, {Milliseconds} ms.")]
    public partial void Loaded(string model, int lanes, long milliseconds);

    [LoggerMessage(1301, LogLevel.Error, "Model {Model} could not be freed.")]
    public partial void NotFreed(string model, Exception exception);

    [LoggerMessage(1302, LogLevel.Warning, "No model is served. List one in the section SecureInference:Models, or add one with .AddOnnxModel(name, path).")]
    public partial void NoModel();
}
