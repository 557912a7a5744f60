namespace SecureInference.Hosting.DryRun;

/// <summary>Something that would stop the start.</summary>
/// <param name="Text">What is wrong, and what to write.</param>
/// <param name="IsUnreadable">Whether a file could not be read: what is in it is not known to be wrong.</param>
internal sealed record DryRunProblem(string Text, bool IsUnreadable);
