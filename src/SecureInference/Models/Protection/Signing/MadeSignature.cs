namespace SecureInference.Models.Protection.Signing;

/// <summary>A signature that was made.</summary>
/// <param name="RootDigest">The digest of all that is signed.</param>
/// <param name="Key">What the key is named by.</param>
/// <param name="Files">How many files are signed.</param>
internal sealed record MadeSignature(string RootDigest, string Key, int Files);
