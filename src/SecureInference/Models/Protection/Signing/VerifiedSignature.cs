namespace SecureInference.Models.Protection.Signing;

/// <summary>A signature that holds: by whom, and of what. That the files are those is another question.</summary>
/// <param name="Signer">The key or the certificate, as logs name it.</param>
/// <param name="Manifest">What is signed.</param>
internal sealed record VerifiedSignature(string Signer, SignedManifest Manifest);
