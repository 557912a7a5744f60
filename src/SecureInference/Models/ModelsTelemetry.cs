using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;

namespace SecureInference.Models;

/// <summary>Says what is served.</summary>
internal sealed partial class ModelsTelemetry
{
    private readonly ILogger _logger;
    private readonly Meter _meter;
    private readonly Counter<long> _reloads;

    public ModelsTelemetry(IMeterFactory meters, ILogger<ModelCatalog> logger)
    {
        _logger = logger;
        _meter = meters.Create(SecureInferenceDefaults.TelemetryName);
        _reloads = _meter.CreateCounter<long>("secure_inference.models.reloads", "{reload}", "Loads of a model after the first, by what became of them.");
    }

    /// <summary>Measures what a catalog serves.</summary>
    /// <param name="read">Returns the versions of each model that serve.</param>
    public void Follow(Func<IEnumerable<(string Model, IReadOnlyList<ServedVersion> Versions)>> read)
    {
        _meter.CreateObservableUpDownCounter("secure_inference.models.versions", () => Measure(read, static versions => versions.Count), "{version}", "Versions of a model that serve.");
        _meter.CreateObservableUpDownCounter(
            "secure_inference.models.memory",
            () => Measure(read, static versions => versions.Sum(static version => version.Metadata.FileBytes)),
            "By",
            "Bytes of the files of the versions that serve, as they were loaded. What an engine takes for runs comes on top.");
    }

    public void Reloaded(string model, ModelReloadOutcome outcome)
    {
        if (_reloads.Enabled)
        {
            _reloads.Add(1, new("model", model), new("outcome", outcome == ModelReloadOutcome.Reloaded ? "reloaded" : "failed"));
        }
    }

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

    private static IEnumerable<Measurement<long>> Measure(
        Func<IEnumerable<(string Model, IReadOnlyList<ServedVersion> Versions)>> read, Func<IReadOnlyList<ServedVersion>, long> measure) =>
        read().Select(model => new Measurement<long>(measure(model.Versions), new KeyValuePair<string, object?>("model", model.Model)));
}
