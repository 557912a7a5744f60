namespace SecureInference.Tests.Abstractions;

/// <summary>Tests that listen to spans, or need that nobody does: there is one source for the process.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class TelemetryCollection
{
    public const string Name = "Telemetry";
}
