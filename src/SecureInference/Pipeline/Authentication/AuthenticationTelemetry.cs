using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;

namespace SecureInference.Pipeline.Authentication;

/// <summary>Says who was turned away, and how what credentials are checked by is doing. It never says which credential.</summary>
internal sealed partial class AuthenticationTelemetry
{
    private readonly ILogger _logger;
    private readonly RefusalCounter _refused;
    private readonly ConcurrentDictionary<string, Func<double>> _ages = new(StringComparer.Ordinal);

    public AuthenticationTelemetry(IMeterFactory meters, ILogger<CredentialReader> logger)
    {
        _logger = logger;
        _refused = new RefusalCounter(meters, "authentication", "Requests without an accepted credential.");
        meters.Create(SecureInferenceDefaults.TelemetryName).CreateObservableGauge(
            "secure_inference.authentication.source_age",
            () => _ages.Select(static source => new Measurement<double>(source.Value(), new KeyValuePair<string, object?>("source", source.Key))),
            "s",
            "Time since what credentials are checked by was read last.");
    }

    public void Refused(InferenceError error) => _refused.Count("rule", error.Reason ?? error.Rule);

    /// <summary>Measures how long ago a source was read.</summary>
    public void Follow(string source, Func<double> age) => _ages[source] = age;

    [LoggerMessage(1200, LogLevel.Information, "The {Source} has changed, and was read again.")]
    public partial void Changed(string source);

    [LoggerMessage(1201, LogLevel.Error,
        "The {Source} cannot be read. What was read last stays in force for {MaxStaleness}; then requests that need it are refused, until it can be read.")]
    public partial void Broken(string source, TimeSpan maxStaleness, Exception exception);

    [LoggerMessage(1202, LogLevel.Information, "The {Source} can be read again.")]
    public partial void Recovered(string source);

    [LoggerMessage(1203, LogLevel.Warning,
        "No pepper is configured: whoever can write the key store can add keys to it. Make one with 'secure-inference keys pepper', "
        + "name its file in SecureInference:ApiKeys:PepperFile, and seal the store with 'secure-inference keys seal'.")]
    public partial void NoPepper();

    [LoggerMessage(1204, LogLevel.Information, "The key store has {Count} keys.")]
    public partial void StoreRead(int count);

    [LoggerMessage(1210, LogLevel.Warning, "The last use of keys cannot be written. It is tried again each minute; requests are not affected.")]
    public partial void LastUseNotWritten(Exception exception);
}
