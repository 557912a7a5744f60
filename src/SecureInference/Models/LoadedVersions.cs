namespace SecureInference.Models;

/// <summary>What a turn of loading has come to.</summary>
/// <param name="Serving">The versions to serve, the highest first: new ones, and those that stay.</param>
/// <param name="Problems">Why the others could not be loaded.</param>
internal sealed record LoadedVersions(IReadOnlyList<ServedVersion> Serving, IReadOnlyList<Exception> Problems);
