using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Generators;

namespace SecureInference.Models.Protection.Encryption;

/// <summary>The key that a passphrase makes.</summary>
internal static class ScryptKey
{
    public const string StanzaType = "scrypt";
    public const int SaltSize = 16;

    /// <summary>What the stock tool writes: about a second, and 256 MiB.</summary>
    public const int WorkFactor = 18;

    /// <summary>More than four seconds and a gigabyte may not be asked for by what stands in a file.</summary>
    public const int MaxWorkFactor = 20;

    private const int BlockSize = 8;

    private static ReadOnlySpan<byte> Label => "age-encryption.org/v1/scrypt"u8;

    public static SecretBytes Derive(SecretBytes passphrase, ReadOnlySpan<byte> salt, int workFactor)
    {
        byte[] labelled = [.. Label, .. salt];
        var secret = passphrase.Span.ToArray();
        var key = SCrypt.Generate(secret, labelled, 1 << workFactor, BlockSize, 1, AgeFormat.KeySize);
        try
        {
            return SecretBytes.CopyOf(key);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
            CryptographicOperations.ZeroMemory(secret);
        }
    }
}
