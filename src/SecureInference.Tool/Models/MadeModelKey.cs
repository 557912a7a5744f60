namespace SecureInference.Tool.Models;

/// <summary>What <c>model keygen --json</c> prints: never the private key.</summary>
internal sealed record MadeModelKey(string PrivateKey, string PublicKey, string Key);
