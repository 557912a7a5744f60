namespace SecureInference.OpenTelemetry.Tests;

/// <summary>A metric as it came over the wire.</summary>
internal sealed record ReceivedMetric(string Meter, string Name, string Unit, string Kind, IReadOnlyList<IReadOnlyDictionary<string, string>> Points);
