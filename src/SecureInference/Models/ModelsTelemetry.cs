using Microsoft.Extensions.Logging;

namespace SecureInference.Models;

/// <summary>Says what is served.</summary>
internal sealed partial class ModelsTelemetry(ILogger<ModelCatalog> logger)
{
    private readonly ILogger _logger = logger;

    [LoggerMessage(1300, LogLevel.Information, "Model {Model} version {Version} is loaded and warm: {Lanes} lanes, {Milliseconds} ms.")]
    public partial void Loaded(string model, string version, int lanes, long milliseconds);

    [LoggerMessage(1301, LogLevel.Error, "Model {Model} could not be freed.")]
    public partial void NotFreed(string model, Exception exception);

    [LoggerMessage(1302, LogLevel.Warning, "No model is served. List one in the section SecureInference:Models, or add one with .AddOnnxModel(name, path).")]
    public partial void NoModel();

    [LoggerMessage(1303, LogLevel.Information, "Model {Model} serves version {Versions}.")]
    public partial void Serves(string model, string versions);

    [LoggerMessage(1304, LogLevel.Error, "Model {Model} could not be loaded as it should be. What serves is version {Versions}. It is tried again. {Problem}")]
    public partial void NotLoaded(string model, string versions, string problem, Exception? exception);

    [LoggerMessage(1305, LogLevel.Information, "Model {Model} is loaded as it should be again.")]
    public partial void Recovered(string model);

    [LoggerMessage(1306, LogLevel.Information, "Model {Model} was taken from the configuration, and is not served any more.")]
    public partial void Withdrawn(string model);

    [LoggerMessage(1307, LogLevel.Error, "The changed models are not used, and those before go on: {Problem}")]
    public partial void NotChanged(string problem);

    [LoggerMessage(1350, LogLevel.Information, "Model {Model}: '{File}' has digest {Digest}, signed by {Signer}, {Encryption}.")]
    public partial void Read(string model, string file, string digest, string signer, string encryption);

    [LoggerMessage(1351, LogLevel.Warning, "Model {Model} need be neither signed nor encrypted: whoever can write '{File}' decides what is served. Have the model signed, and name the publisher's key in TrustedKeys.")]
    public partial void Unprotected(string model, string file);

    [LoggerMessage(1352, LogLevel.Warning, "Model {Model} has the signature '{File}', which nobody checks. Name the publisher's key in TrustedKeys.")]
    public partial void SignatureNotChecked(string model, string file);

    [LoggerMessage(1353, LogLevel.Warning, "Model {Model}: the file '{File}' {Problem}.")]
    public partial void Changeable(string model, string file, string problem);
}
