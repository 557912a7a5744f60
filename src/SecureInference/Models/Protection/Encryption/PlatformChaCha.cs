using System.Security.Cryptography;

namespace SecureInference.Models.Protection.Encryption;

/// <summary>The cipher of the platform's cryptographic library.</summary>
internal sealed class PlatformChaCha(ReadOnlySpan<byte> key) : ChaCha
{
    private readonly ChaCha20Poly1305 _cipher = new(key);

    public override void Seal(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> text, Span<byte> sealedText) =>
        _cipher.Encrypt(nonce, text, sealedText[..text.Length], sealedText.Slice(text.Length, AgeFormat.TagSize));

    public override bool TryOpen(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> sealedText, Span<byte> text)
    {
        try
        {
            _cipher.Decrypt(nonce, sealedText[..text.Length], sealedText.Slice(text.Length, AgeFormat.TagSize), text);
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }
    }

    public override void Dispose() => _cipher.Dispose();
}
