using System.Security.Cryptography;
using Org.BouncyCastle.Math.EC.Rfc7748;

namespace SecureInference.Models.Protection.Encryption;

/// <summary>The key agreement of the native recipients, and the key that it makes.</summary>
internal static class X25519Key
{
    public const int Size = 32;
    public const string StanzaType = "X25519";

    private static readonly byte[] Info = "age-encryption.org/v1/X25519"u8.ToArray();

    public static byte[] PublicOf(ReadOnlySpan<byte> secret)
    {
        var point = new byte[Size];
        X25519.ScalarMultBase(secret, point);
        return point;
    }

    /// <summary>Makes the key that a stanza's body is sealed with, from either side.</summary>
    /// <returns>Whether the other point is one to agree with: one of small order makes the same key for everybody.</returns>
    public static bool TryDerive(ReadOnlySpan<byte> secret, ReadOnlySpan<byte> point, ReadOnlySpan<byte> ephemeral, ReadOnlySpan<byte> recipient, Span<byte> wrapKey)
    {
        Span<byte> shared = stackalloc byte[Size];
        Span<byte> salt = stackalloc byte[2 * Size];
        ephemeral.CopyTo(salt);
        recipient.CopyTo(salt[Size..]);
        if (!X25519.CalculateAgreement(secret, point, shared))
        {
            return false;
        }

        HKDF.DeriveKey(HashAlgorithmName.SHA256, shared, wrapKey, salt, Info);
        CryptographicOperations.ZeroMemory(shared);
        return true;
    }
}
