namespace SecureInference.Models.Protection;

/// <summary>A file in memory, in the clear.</summary>
/// <param name="Bytes">Its bytes.</param>
/// <param name="Hash">Their SHA-256, where it came for nothing.</param>
/// <param name="IsEncrypted">Whether it is encrypted where it lies.</param>
internal readonly record struct ReadFile(byte[] Bytes, byte[]? Hash, bool IsEncrypted);
