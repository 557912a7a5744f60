namespace SecureInference.Tool.Models;

/// <summary>What <c>model verify --json</c> prints.</summary>
internal sealed record VerifiedModel(string Model, string Signature, string Signer, string Digest, IReadOnlyList<string> Files);
