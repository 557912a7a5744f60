using SecureInference.Pipeline.Auditing.Log;
using SecureInference.Pipeline.Auditing.Payloads;
using SecureInference.Pipeline.Auditing.Queue;
using SecureInference.Pipeline.Auditing.Sinks;

namespace SecureInference.Pipeline.Auditing;

/// <summary>What the log is made of.</summary>
internal sealed record AuditLogParts(
    AuditQueue Queue, IAuditStore Store, SinkPump[] Sinks, PayloadKeeper? Payloads, AuditOptions Options, AuditTelemetry Telemetry, TimeProvider Time);
