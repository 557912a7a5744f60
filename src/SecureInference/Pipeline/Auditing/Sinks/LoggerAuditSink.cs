namespace SecureInference.Pipeline.Auditing.Sinks;

/// <summary>Hands records to the app's logging, and so to OpenTelemetry's exporter where the app has one: the category is <c>SecureInference.Audit</c>.</summary>
internal sealed class LoggerAuditSink(AuditRecordTelemetry telemetry) : IAuditSink
{
    public const string Category = "SecureInference.Audit";

    public void Write(ReadOnlySpan<AuditRecord> records)
    {
        foreach (var record in records)
        {
            telemetry.Record(record);
        }
    }

    public void WriteCheckpoint(string note) => telemetry.Checkpoint(note);
}
