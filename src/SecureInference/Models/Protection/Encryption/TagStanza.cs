using System.Security.Cryptography;

namespace SecureInference.Models.Protection.Encryption;

/// <summary>What both sides of a P-256 stanza compute. Its tag tells the recipient, so that a slow key is asked only for what is its own.</summary>
internal static class TagStanza
{
    public const string Type = "p256tag";
    public const int TagSize = 4;

    private static readonly byte[] Info = "age-encryption.org/p256tag"u8.ToArray();

    public static byte[] ComputeTag(ReadOnlySpan<byte> ephemeral, P256Point recipient)
    {
        byte[] input = [.. ephemeral, .. SHA256.HashData(recipient.Compressed).AsSpan(0, TagSize)];
        return HKDF.Extract(HashAlgorithmName.SHA256, input, Info)[..TagSize];
    }

    /// <summary>Derives the key and the nonce of the body, and wipes what was agreed on.</summary>
    public static (SecretBytes Key, byte[] Nonce) Derive(byte[] agreed, ReadOnlySpan<byte> ephemeral, P256Point recipient)
    {
        var key = new SecretBytes(AgeFormat.KeySize);
        var nonce = new byte[ChaCha.NonceSize];
        Hpke.Derive(agreed, ephemeral, recipient.Uncompressed, Info, key.Span, nonce);
        CryptographicOperations.ZeroMemory(agreed);
        return (key, nonce);
    }
}
