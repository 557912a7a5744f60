namespace SecureInference.Tool.Models;

/// <summary>What <c>model sign --json</c> prints.</summary>
internal sealed record SignedModel(string Model, string Signature, string Digest, string Key, int Files);
