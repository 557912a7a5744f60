namespace SecureInference.Tool.Keys;

/// <summary>What <c>keys revoke --json</c> prints.</summary>
internal sealed record RevokedKey(string Id, string Owner, DateTime Revoked, bool WasRevokedBefore);
