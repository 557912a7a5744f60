using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace SecureInference.Models.Protection.Files;

/// <summary>Reads a file into memory once, hashing on another thread what has come already.</summary>
internal static class FileContent
{
    /// <summary>Large enough that a switch of threads is nothing, small enough that both have work.</summary>
    private const int Block = 4 << 20;

    /// <param name="handle">The open file.</param>
    /// <param name="withHash">Whether the hash of all of it is wanted.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>Exactly the bytes, which the garbage collector never copies, and their SHA-256.</returns>
    /// <exception cref="InvalidDataException">It changed meanwhile.</exception>
    /// <exception cref="IOException">It cannot be read, or is too large for memory.</exception>
    public static async Task<(byte[] Bytes, byte[]? Hash)> ReadAsync(SafeFileHandle handle, bool withHash, CancellationToken cancellationToken)
    {
        var length = RandomAccess.GetLength(handle);
        if (length > Array.MaxLength)
        {
            throw new IOException("The file is 2 GiB or larger.");
        }

        var bytes = ModelMemory.Allocate(length);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var hashing = Task.CompletedTask;
        try
        {
            for (var from = 0; from < bytes.Length;)
            {
                var block = bytes.AsMemory(from, Math.Min(Block, bytes.Length - from));
                ModelMemory.Populate(bytes, from, block.Length);
                await FillAsync(handle, block, from, cancellationToken);
                from += block.Length;
                if (withHash)
                {
                    await hashing;
                    hashing = from < bytes.Length ? Task.Run(() => hash.AppendData(block.Span), CancellationToken.None) : Append(hash, block);
                }
            }

            return RandomAccess.GetLength(handle) == length ? (bytes, withHash ? hash.GetHashAndReset() : null) : throw Changed();
        }
        catch
        {
            await hashing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            CryptographicOperations.ZeroMemory(bytes);
            throw;
        }
    }

    private static Task Append(IncrementalHash hash, ReadOnlyMemory<byte> block)
    {
        hash.AppendData(block.Span);
        return Task.CompletedTask;
    }

    private static async Task FillAsync(SafeFileHandle handle, Memory<byte> block, long from, CancellationToken cancellationToken)
    {
        while (!block.IsEmpty)
        {
            var read = await RandomAccess.ReadAsync(handle, block, from, cancellationToken);
            block = read != 0 ? block[read..] : throw Changed();
            from += read;
        }
    }

    private static InvalidDataException Changed() => new("changed while it was read. Write a new file beside it, and rename that");
}
