namespace SecureInference.Hosting;

/// <summary>One line of the table of endpoints.</summary>
/// <param name="Verbs">The verbs that it answers.</param>
/// <param name="Path">Its path, as it was mapped.</param>
/// <param name="Operation">What it does, or <see langword="null"/> where it is not guarded.</param>
/// <param name="Demands">What it demands of its caller.</param>
internal sealed record EndpointDemand(string Verbs, string Path, string? Operation, string Demands)
{
    public bool IsGuarded => Operation is not null;
}
