using System.Security.Cryptography;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Parameters;
using BouncyChaCha = Org.BouncyCastle.Crypto.Modes.ChaCha20Poly1305;

namespace SecureInference.Models.Protection.Encryption;

/// <summary>The cipher where the platform lacks it, such as Windows Server 2019: several times slower, and the same bytes.</summary>
internal sealed class ManagedChaCha(ReadOnlySpan<byte> key) : ChaCha
{
    private readonly SecretBytes _key = SecretBytes.CopyOf(key);

    public override void Seal(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> text, Span<byte> sealedText)
    {
        var cipher = Start(forEncryption: true, nonce);
        var length = cipher.ProcessBytes(text, sealedText);
        cipher.DoFinal(sealedText[length..]);
    }

    public override bool TryOpen(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> sealedText, Span<byte> text)
    {
        var cipher = Start(forEncryption: false, nonce);
        try
        {
            var length = cipher.ProcessBytes(sealedText, text);
            cipher.DoFinal(text[length..]);
            return true;
        }
        catch (InvalidCipherTextException)
        {
            CryptographicOperations.ZeroMemory(text);
            return false;
        }
    }

    public override void Dispose() => _key.Dispose();

    private BouncyChaCha Start(bool forEncryption, ReadOnlySpan<byte> nonce)
    {
        var cipher = new BouncyChaCha();
        cipher.Init(forEncryption, new ParametersWithIV(new KeyParameter(_key.Span), nonce));
        return cipher;
    }
}
