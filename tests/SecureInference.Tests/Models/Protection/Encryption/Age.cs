using System.Security.Cryptography;
using SecureInference.Models.Protection.Encryption;

namespace SecureInference.Tests.Models.Protection.Encryption;

/// <summary>Makes encrypted files, and opens them.</summary>
internal static class Age
{
    /// <summary>The sizes at which a chunk ends, or nearly.</summary>
    public static int[] Sizes => [0, 1, 65535, 65536, 65537, 131072, 200_000];

    public static byte[] Clear(int length) => RandomNumberGenerator.GetBytes(length);

    public static async Task<byte[]> EncryptAsync(byte[] clear, params IAgeRecipient[] recipients)
    {
        using var file = new MemoryStream();
        await AgeEncryption.WriteAsync(new MemoryStream(clear), file, recipients, progress: null, CancellationToken.None);
        return file.ToArray();
    }

    public static async Task<byte[]> DecryptAsync(byte[] file, params IAgeIdentity[] identities)
    {
        using var opened = await AgeFile.OpenAsync(new MemoryStream(file), identities, CancellationToken.None);
        return await PayloadMemory.ReadAsync(opened, CancellationToken.None);
    }

    /// <summary>Returns how a file is refused, or <see langword="null"/> where it is not.</summary>
    public static async Task<AgeFailure?> FailureAsync(byte[] file, params IAgeIdentity[] identities)
    {
        try
        {
            await DecryptAsync(file, identities);
            return null;
        }
        catch (AgeException refused)
        {
            return refused.Failure;
        }
    }

    /// <summary>Returns where the payload's nonce begins.</summary>
    public static int HeaderLength(byte[] file) => AgeHeaderReader.Read(file).Length;
}
