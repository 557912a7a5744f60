using System.Buffers;
using System.Security.Cryptography;
using SecureInference.Models.Protection.Files;

namespace SecureInference.Models.Protection.Signing;

/// <summary>A piece of a file on disk, to be hashed without reading the file into memory.</summary>
/// <param name="Path">The file.</param>
/// <param name="Piece">Which piece it is.</param>
internal readonly record struct ModelPiece(string Path, SignedPiece Piece)
{
    private const int BufferLength = 1 << 20;

    /// <summary>Hashes pieces, all processors at once.</summary>
    /// <param name="pieces">The pieces.</param>
    /// <param name="progress">Is told how many bytes were hashed.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Their SHA-256, in the same order.</returns>
    /// <exception cref="FileRefusedException">A file became shorter meanwhile, or is no file.</exception>
    public static async Task<byte[][]> HashAllAsync(IReadOnlyList<ModelPiece> pieces, Action<long>? progress, CancellationToken cancellationToken)
    {
        var hashes = new byte[pieces.Count][];
        await Parallel.ForAsync(0, pieces.Count, cancellationToken, (index, token) =>
        {
            hashes[index] = pieces[index].Hash(progress, token);
            return ValueTask.CompletedTask;
        });
        return hashes;
    }

    private byte[] Hash(Action<long>? progress, CancellationToken cancellationToken)
    {
        using var handle = File.OpenHandle(Path, options: FileOptions.SequentialScan);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferLength);
        try
        {
            var end = Piece.End == SignedPiece.ToTheEnd ? long.MaxValue : Piece.End;
            var from = Piece.Start;
            while (from < end && RandomAccess.Read(handle, buffer.AsSpan(0, (int)Math.Min(buffer.Length, end - from)), from) is var read and > 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
                hash.AppendData(buffer.AsSpan(0, read));
                progress?.Invoke(read);
                from += read;
            }

            return from == end || Piece.End == SignedPiece.ToTheEnd ? hash.GetHashAndReset() : throw new FileRefusedException(Path, "became shorter while it was read. Try again when it lies still");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
