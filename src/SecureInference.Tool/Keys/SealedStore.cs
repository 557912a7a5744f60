namespace SecureInference.Tool.Keys;

/// <summary>What <c>keys seal --json</c> prints.</summary>
/// <param name="Pepper">The version of the pepper that the store is sealed with now.</param>
/// <param name="WasSealedBefore">Whether it was sealed with that already.</param>
/// <param name="Keys">How many keys were vouched for.</param>
/// <param name="StillNeeded">The other versions that secrets in the store were made with, and that must be kept.</param>
internal sealed record SealedStore(int Pepper, bool WasSealedBefore, int Keys, IReadOnlyList<int> StillNeeded);
