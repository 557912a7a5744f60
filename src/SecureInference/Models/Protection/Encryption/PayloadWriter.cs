using System.Security.Cryptography;

namespace SecureInference.Models.Protection.Encryption;

/// <summary>Writes a payload: a fresh nonce, and then chunk by chunk what is read.</summary>
internal static class PayloadWriter
{
    /// <param name="clear">What is to be encrypted, to its end.</param>
    /// <param name="target">Where it goes; the header is there already.</param>
    /// <param name="fileKey">The key that the header holds wrapped.</param>
    /// <param name="progress">Is told how many clear bytes are done.</param>
    /// <param name="cancellationToken">Ends the writing.</param>
    public static async Task WriteAsync(Stream clear, Stream target, SecretBytes fileKey, Action<long>? progress, CancellationToken cancellationToken)
    {
        var payloadNonce = RandomNumberGenerator.GetBytes(AgeFormat.PayloadNonceSize);
        await target.WriteAsync(payloadNonce, cancellationToken);
        using var key = AgePayload.DeriveKey(fileKey.Span, payloadNonce);
        using var cipher = ChaCha.Create(key.Span);

        // One chunk ahead: only who has seen the end knows which chunk is the last.
        var (current, next) = (GC.AllocateArray<byte>(AgeFormat.ChunkSize, pinned: true), GC.AllocateArray<byte>(AgeFormat.ChunkSize, pinned: true));
        try
        {
            var length = await FillAsync(clear, current, cancellationToken);
            var nonce = new byte[ChaCha.NonceSize];
            var sealedChunk = new byte[AgeFormat.SealedChunkSize];
            for (var (chunk, done, isLast) = (0L, 0L, false); !isLast; chunk++)
            {
                var following = length == AgeFormat.ChunkSize ? await FillAsync(clear, next, cancellationToken) : 0;
                isLast = following == 0;
                AgePayload.WriteNonce(nonce, chunk, isLast);
                cipher.Seal(nonce, current.AsSpan(0, length), sealedChunk);
                await target.WriteAsync(sealedChunk.AsMemory(0, length + AgeFormat.TagSize), cancellationToken);
                progress?.Invoke(done += length);
                (current, next, length) = (next, current, following);
            }
        }
        finally
        {
            CryptographicOperations.ZeroMemory(current);
            CryptographicOperations.ZeroMemory(next);
        }
    }

    private static Task<int> FillAsync(Stream clear, byte[] chunk, CancellationToken cancellationToken) =>
        clear.ReadAtLeastAsync(chunk, chunk.Length, throwOnEndOfStream: false, cancellationToken).AsTask();
}
