using System.Globalization;
using Microsoft.Extensions.Logging;
using SecureInference.Pipeline.Auditing.Records;

namespace SecureInference.Pipeline.Auditing.Sinks;

/// <summary>Says each record as a log entry of named values.</summary>
internal sealed partial class AuditRecordTelemetry(ILoggerFactory loggers)
{
    private static readonly EventId RecordEvent = new(1150, "AuditRecord");
    private readonly ILogger _logger = loggers.CreateLogger(LoggerAuditSink.Category);

    public void Record(AuditRecord record)
    {
        if (_logger.IsEnabled(LogLevel.Information))
        {
            _logger.Log(LogLevel.Information, RecordEvent, Values(record), exception: null, static (values, _) => string.Join(' ', values.Select(static value => $"{value.Key}={value.Value}")));
        }
    }

    [LoggerMessage(1151, LogLevel.Information, "Audit checkpoint {Note}")]
    public partial void Checkpoint(string note);

    private static List<KeyValuePair<string, object?>> Values(AuditRecord record)
    {
        KeyValuePair<string, object?>[] all =
        [
            new("audit.kind", AuditRecordJson.NameOf(record.Kind)),
            new("audit.sequence", record.Sequence),
            new("audit.time", record.Time.ToString("O", CultureInfo.InvariantCulture)),
            new("audit.request_id", record.RequestId),
            new("audit.trace_id", record.TraceId),
            new("audit.caller", record.Caller),
            new("audit.credential_id", record.CredentialId),
            new("audit.method", record.Method),
            new("audit.network", record.Network),
            new("audit.address", record.Address),
            new("audit.operation", record.Operation),
            new("audit.model", record.Model),
            new("audit.model_version", record.ModelVersion),
            new("audit.model_digest", record.ModelDigest),
            new("audit.decision", record.Decision),
            new("audit.rule", record.Rule),
            new("audit.would_refuse", record.WouldRefuse),
            new("audit.input_commitment", record.InputCommitment),
            new("audit.output_commitment", record.OutputCommitment),
            new("audit.status", record.Status),
            new("audit.rows", record.Rows),
            new("audit.cost", record.Cost),
            new("audit.queue_us", (long?)record.QueueTime?.TotalMicroseconds),
            new("audit.run_us", (long?)record.RunTime?.TotalMicroseconds),
            new("audit.duration_us", (long?)record.Duration?.TotalMicroseconds),
            new("audit.count", record.Count),
            new("audit.detail", record.Detail),
        ];
        return [.. all.Where(static value => value.Value is not null)];
    }
}
