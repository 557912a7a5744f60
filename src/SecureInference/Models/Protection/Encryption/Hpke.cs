using System.Buffers.Binary;
using System.Security.Cryptography;

namespace SecureInference.Models.Protection.Encryption;

/// <summary>Hybrid public key encryption (RFC 9180) in the one form that is needed: base mode, P-256, HKDF-SHA256, ChaCha20-Poly1305, one message.</summary>
internal static class Hpke
{
    private static ReadOnlySpan<byte> Version => "HPKE-v1"u8;

    private static ReadOnlySpan<byte> Kem => "KEM\x00\x10"u8;

    private static ReadOnlySpan<byte> Suite => "HPKE\x00\x10\x00\x01\x00\x03"u8;

    /// <summary>Makes the key and the nonce of the message, from either side.</summary>
    /// <param name="agreed">The raw secret that the two keys agree on.</param>
    /// <param name="ephemeral">The sender's point, uncompressed.</param>
    /// <param name="recipient">The recipient's point, uncompressed.</param>
    /// <param name="info">What the message is for.</param>
    /// <param name="key">Where the key goes.</param>
    /// <param name="nonce">Where the nonce goes.</param>
    public static void Derive(ReadOnlySpan<byte> agreed, ReadOnlySpan<byte> ephemeral, ReadOnlySpan<byte> recipient, ReadOnlySpan<byte> info, Span<byte> key, Span<byte> nonce)
    {
        Span<byte> shared = stackalloc byte[SHA256.HashSizeInBytes];
        Span<byte> secret = stackalloc byte[SHA256.HashSizeInBytes];
        Extract(Kem, [], "eae_prk"u8, agreed, secret);
        Expand(Kem, secret, "shared_secret"u8, [.. ephemeral, .. recipient], shared);

        Span<byte> context = stackalloc byte[1 + (2 * SHA256.HashSizeInBytes)];
        context[0] = 0; // Base mode: the sender is not authenticated.
        Extract(Suite, [], "psk_id_hash"u8, [], context[1..33]);
        Extract(Suite, [], "info_hash"u8, info, context[33..]);
        Extract(Suite, shared, "secret"u8, [], secret);
        Expand(Suite, secret, "key"u8, context, key);
        Expand(Suite, secret, "base_nonce"u8, context, nonce);
        CryptographicOperations.ZeroMemory(shared);
        CryptographicOperations.ZeroMemory(secret);
    }

    private static void Extract(ReadOnlySpan<byte> suite, ReadOnlySpan<byte> salt, ReadOnlySpan<byte> label, ReadOnlySpan<byte> input, Span<byte> key)
    {
        byte[] labelled = [.. Version, .. suite, .. label, .. input];
        HKDF.Extract(HashAlgorithmName.SHA256, labelled, salt, key);
        CryptographicOperations.ZeroMemory(labelled);
    }

    private static void Expand(ReadOnlySpan<byte> suite, ReadOnlySpan<byte> key, ReadOnlySpan<byte> label, ReadOnlySpan<byte> info, Span<byte> output)
    {
        Span<byte> length = stackalloc byte[sizeof(ushort)];
        BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)output.Length);
        byte[] labelled = [.. length, .. Version, .. suite, .. label, .. info];
        HKDF.Expand(HashAlgorithmName.SHA256, key, output, labelled);
    }
}
