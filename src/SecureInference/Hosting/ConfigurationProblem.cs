namespace SecureInference.Hosting;

/// <summary>What is wrong with a name or a value of the configuration.</summary>
/// <param name="Path">Where it stands, below the section.</param>
/// <param name="Text">What is wrong, and what to write.</param>
internal sealed record ConfigurationProblem(string Path, string Text);
