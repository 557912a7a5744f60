using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;

namespace SecureInference.Pipeline.Auditing;

/// <summary>Says how the log is doing.</summary>
internal sealed partial class AuditTelemetry
{
    private readonly ILogger _logger;
    private readonly Meter _meter;
    private readonly Counter<long> _lost;

    public AuditTelemetry(IMeterFactory meters, ILogger<AuditLog> logger)
    {
        _logger = logger;
        _meter = meters.Create(SecureInferenceDefaults.TelemetryName);
        _lost = _meter.CreateCounter<long>(
            "secure_inference.audit.lost", "{record}", "Records that the audit log had no room for.");
    }

    /// <summary>Measures how far a log is behind.</summary>
    public void Follow(IAuditProgress log)
    {
        _meter.CreateObservableUpDownCounter("secure_inference.audit.records_waiting", () => log.RecordsWaiting, "{record}", "Audit records that are not written yet.");
        _meter.CreateObservableGauge("secure_inference.audit.lag", () => log.Lag.TotalSeconds, "s", "Time that the oldest audit record that is not written yet has waited.");
    }

    public void Lost(int records) => _lost.Add(records);

    [LoggerMessage(1100, LogLevel.Critical, "The audit sink {Sink} does not take records. Requests are refused once the queue is full. It is tried again until it does.")]
    public partial void SinkFailed(Exception exception, string sink);

    [LoggerMessage(1101, LogLevel.Warning, "The audit sink {Sink} takes records again.")]
    public partial void SinkRecovered(string sink);

    [LoggerMessage(1102, LogLevel.Critical, "{Count} audit records were lost: the app stopped while the sink {Sink} did not take them.")]
    public partial void RecordsLost(int count, string sink);

    [LoggerMessage(1104, LogLevel.Warning, "The audit file {File} was moved, cut or deleted while it was written. The log goes on in a new one.")]
    public partial void FileMoved(string file);

    [LoggerMessage(1103, LogLevel.Warning, "The audit file ended in half a line, as a crash leaves it. Its {Length} bytes were moved to {File}.")]
    public partial void TornTail(int length, string file);
}
