namespace SecureInference.Load;

/// <summary>What was measured with one number of connections, a slice of each variant in each round.</summary>
internal sealed record LevelReport(int Connections)
{
    public List<Slice> Off { get; } = [];

    public List<Slice> On { get; } = [];
}
