namespace SecureInference.IntegrationTests.Attacks;

/// <summary>Tests that look at the memory of the process, or need most of its sockets: nothing else runs beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneCollection
{
    public const string Name = "Alone";
}
