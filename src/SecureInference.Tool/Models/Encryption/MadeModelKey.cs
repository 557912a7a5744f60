namespace SecureInference.Tool.Models.Encryption;

/// <summary>What <c>model keygen --json</c> prints: never the secret key.</summary>
internal sealed record MadeModelKey(string File, string? Recipient, string? KeyId);
