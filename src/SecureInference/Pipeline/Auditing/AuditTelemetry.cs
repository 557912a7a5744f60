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

    [LoggerMessage(1100, LogLevel.Critical, "The audit sink {Sink} does not take records. The log goes on until the queue is full of what waits for it. It is tried again until it does.")]
    public partial void SinkFailed(Exception exception, string sink);

    [LoggerMessage(1101, LogLevel.Warning, "The audit sink {Sink} takes records again.")]
    public partial void SinkRecovered(string sink);

    [LoggerMessage(1102, LogLevel.Critical, "The audit sink {Sink} did not take {Count} records before the app stopped. They are in the log.")]
    public partial void SinkMissedRecords(int count, string sink);

    [LoggerMessage(1105, LogLevel.Critical,
        "The audit log cannot be written. Requests are refused, or go on unrecorded, as Audit:WhenFull says. Make room on the disk and the folder writable; "
        + "it is tried again until it works, and nothing that was let in is lost meanwhile.")]
    public partial void StoreFailed(Exception exception);

    [LoggerMessage(1106, LogLevel.Warning, "The audit log can be written again.")]
    public partial void StoreRecovered();

    [LoggerMessage(1108, LogLevel.Warning,
        "The audit log signs its checkpoints with a key that was made beside it, and shows nothing to who can write there. Keep a key elsewhere: set Audit:KeyFile, or SECUREINFERENCE_AUDIT_KEY.")]
    public partial void KeyMade();

    [LoggerMessage(1109, LogLevel.Warning, "The audit log was not closed, or is a copy: it holds {Size} records; {BytesCut} bytes that no whole record made were put in quarantine. Set aside: {SetAside}.")]
    public partial void Recovered(long size, long bytesCut, string? setAside);

    [LoggerMessage(1110, LogLevel.Critical, "The audit log was changed ({Alarm}) and is set aside in {SetAside}; a new one begins. Remove Audit:WhenTampered again.")]
    public partial void StartedInSpiteOfAlarm(string alarm, string? setAside);

    [LoggerMessage(1107, LogLevel.Critical, "{Count} audit records were lost: the app stopped while the audit log could not be written.")]
    public partial void RecordsLost(int count);

    [LoggerMessage(1104, LogLevel.Warning, "The audit file {File} was moved, cut or deleted while it was written. The log goes on in a new one.")]
    public partial void FileMoved(string file);

    [LoggerMessage(1103, LogLevel.Warning, "The audit file ended in half a line, as a crash leaves it. Its {Length} bytes were moved to {File}.")]
    public partial void TornTail(int length, string file);
}
