using System.Security.Cryptography;

namespace SecureInference.Models.Protection.Encryption;

/// <summary>ChaCha20-Poly1305 under one key; where the platform has it, the platform's.</summary>
internal abstract class ChaCha : IDisposable
{
    public const int NonceSize = 12;

    public static ChaCha Create(ReadOnlySpan<byte> key) => ChaCha20Poly1305.IsSupported ? new PlatformChaCha(key) : new ManagedChaCha(key);

    /// <summary>Encrypts; the tag stands behind the text.</summary>
    public abstract void Seal(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> text, Span<byte> sealedText);

    /// <summary>Decrypts, and says whether what it decrypted is authentic; where it is not, the text is zeros.</summary>
    public abstract bool TryOpen(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> sealedText, Span<byte> text);

    public abstract void Dispose();
}
