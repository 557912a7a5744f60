namespace SecureInference.Tests.Pipeline.RateLimiting;

/// <summary>Tests that look at the memory of the process: nothing else runs beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class MemoryCollection
{
    public const string Name = "Memory";
}
