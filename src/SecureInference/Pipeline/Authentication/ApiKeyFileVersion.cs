namespace SecureInference.Pipeline.Authentication;

/// <summary>All that every version of the key store file has in common.</summary>
internal sealed record ApiKeyFileVersion(int? Version);
