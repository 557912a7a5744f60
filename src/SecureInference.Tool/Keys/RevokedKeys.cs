namespace SecureInference.Tool.Keys;

/// <summary>What <c>keys revoke --before --json</c> prints: the instant, and the keys that stopped working by it.</summary>
internal sealed record RevokedKeys(DateTime RevokedBefore, IReadOnlyList<string> Ids);
