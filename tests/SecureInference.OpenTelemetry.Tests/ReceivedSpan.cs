namespace SecureInference.OpenTelemetry.Tests;

/// <summary>A span as it came over the wire.</summary>
internal sealed record ReceivedSpan(string Source, string Name, int Kind, string TraceId, string SpanId, string ParentId, IReadOnlyDictionary<string, string> Tags, IReadOnlyList<string> Links);
