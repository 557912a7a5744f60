namespace SecureInference.Tool.Keys;

/// <summary>What <c>keys pepper --json</c> prints: never the pepper.</summary>
internal sealed record MadePepper(string File, int Version);
