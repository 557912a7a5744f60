namespace SecureInference.OpenTelemetry.Tests;

/// <summary>A log record as it came over the wire.</summary>
internal sealed record ReceivedLog(string Category, string EventName, string Body, string TraceId);
