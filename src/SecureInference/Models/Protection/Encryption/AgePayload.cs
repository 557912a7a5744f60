using System.Buffers.Binary;
using System.Security.Cryptography;

namespace SecureInference.Models.Protection.Encryption;

/// <summary>The payload's arithmetic: its key, the nonce of each chunk, and how much clear text a length holds.</summary>
internal static class AgePayload
{
    /// <summary>The counter has eleven bytes; the upper three are always zero.</summary>
    private const int CounterOffset = 3;

    private static readonly byte[] Info = "payload"u8.ToArray();

    public static SecretBytes DeriveKey(ReadOnlySpan<byte> fileKey, ReadOnlySpan<byte> nonce)
    {
        var key = new SecretBytes(AgeFormat.KeySize);
        HKDF.DeriveKey(HashAlgorithmName.SHA256, fileKey, key.Span, nonce, Info);
        return key;
    }

    /// <summary>Writes a chunk's nonce: its number, and whether it is the last, so that no chunk passes for another and none is missed.</summary>
    public static void WriteNonce(Span<byte> nonce, long chunk, bool isLast)
    {
        nonce[..CounterOffset].Clear();
        BinaryPrimitives.WriteInt64BigEndian(nonce[CounterOffset..], chunk);
        nonce[^1] = isLast ? (byte)1 : (byte)0;
    }

    public static long ChunksIn(long sealedLength) => (sealedLength + AgeFormat.SealedChunkSize - 1) / AgeFormat.SealedChunkSize;

    /// <summary>Says how much clear text a payload holds, if all of it is authentic.</summary>
    /// <param name="sealedLength">The bytes of all chunks, without the nonce before them.</param>
    /// <exception cref="AgeException">No payload has this length.</exception>
    public static long ClearLength(long sealedLength)
    {
        var chunks = ChunksIn(sealedLength);
        var last = sealedLength - ((chunks - 1) * AgeFormat.SealedChunkSize);
        return chunks > 0 && last >= (chunks == 1 ? AgeFormat.TagSize : AgeFormat.TagSize + 1)
            ? sealedLength - (chunks * AgeFormat.TagSize)
            : throw AgeException.Payload("it is cut off");
    }
}
