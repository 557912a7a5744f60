using System.Buffers;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;
using SecureInference.Models.Protection.Files;

namespace SecureInference.Models.Protection.Encryption;

/// <summary>Decrypts a payload into memory, on all processors: each takes a few chunks, and puts them where they belong.</summary>
internal sealed class PayloadMemory
{
    /// <summary>Just under the mebibyte that the pool hands out whole.</summary>
    private const int ChunksPerTurn = 15;

    private readonly OpenedAgeFile _file;
    private readonly byte[] _clear;
    private readonly long _chunks;
    private readonly Lock _reading = new();
    private readonly SafeFileHandle? _handle;
    private readonly long _start;
    private readonly FollowingHash? _hash;
    private long _next;
    private volatile AgeException? _failure;

    private PayloadMemory(OpenedAgeFile file, bool withHash)
    {
        var length = AgePayload.ClearLength(file.SealedLength);
        _file = file;
        _chunks = AgePayload.ChunksIn(file.SealedLength);
        _handle = (file.Content as FileStream)?.SafeFileHandle;
        _start = file.Content.Position;

        // No larger than the file, whatever the file says.
        _clear = length <= Array.MaxLength
            ? ModelMemory.Allocate(length)
            : throw AgeException.Payload("it holds 2 GiB or more, which does not fit one model in memory");
        _hash = withHash ? new FollowingHash(_clear, ChunksPerTurn * AgeFormat.ChunkSize) : null;
    }

    /// <summary>Decrypts all of it; what does not belong to an authentic whole is wiped, and never returned.</summary>
    /// <returns>The clear bytes, in memory that the collector does not move; the caller wipes them.</returns>
    /// <exception cref="AgeException">It was changed, or is cut off.</exception>
    public static async Task<byte[]> ReadAsync(OpenedAgeFile file, CancellationToken cancellationToken) => (await ReadAsync(file, withHash: false, cancellationToken)).Clear;

    /// <summary>Decrypts all of it, and hashes it meanwhile: what was just decrypted is still in the processor's cache.</summary>
    /// <returns>The same, and its SHA-256 where that is wanted.</returns>
    /// <exception cref="AgeException">It was changed, or is cut off.</exception>
    public static async Task<(byte[] Clear, byte[]? Hash)> ReadAsync(OpenedAgeFile file, bool withHash, CancellationToken cancellationToken)
    {
        var memory = new PayloadMemory(file, withHash);
        using var hash = memory._hash;
        try
        {
            var turns = (memory._chunks + ChunksPerTurn - 1) / ChunksPerTurn;
            var workers = Enumerable.Range(0, (int)Math.Min(Environment.ProcessorCount, turns)).Select(_ => Task.Run(() => memory.Work(cancellationToken), CancellationToken.None));
            await Task.WhenAll(workers);
            cancellationToken.ThrowIfCancellationRequested();
            return memory._failure is null ? (memory._clear, hash?.Finish()) : throw memory._failure;
        }
        catch
        {
            CryptographicOperations.ZeroMemory(memory._clear);
            throw;
        }
    }

    private void Work(CancellationToken cancellationToken)
    {
        using var cipher = ChaCha.Create(_file.PayloadKey.Span);
        var buffer = ArrayPool<byte>.Shared.Rent(ChunksPerTurn * AgeFormat.SealedChunkSize);
        try
        {
            while (_failure is null && !cancellationToken.IsCancellationRequested && Take(buffer, out var first) is > 0 and var length)
            {
                if (Open(cipher, buffer.AsSpan(0, length), first))
                {
                    _hash?.Filled(first / ChunksPerTurn);
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private int Take(byte[] buffer, out long first)
    {
        int wanted, read;
        lock (_reading)
        {
            first = _next;
            wanted = (int)Math.Min(ChunksPerTurn * AgeFormat.SealedChunkSize, _file.SealedLength - (first * AgeFormat.SealedChunkSize));
            if (wanted <= 0)
            {
                return 0;
            }

            _next += ChunksPerTurn;
            read = _handle is null ? _file.Content.ReadAtLeast(buffer.AsSpan(0, wanted), wanted, throwOnEndOfStream: false) : 0;
        }

        // A file is read by all at once, each at its own place.
        if ((_handle is null ? read : ReadAt(_handle, buffer.AsSpan(0, wanted), _start + (first * AgeFormat.SealedChunkSize))) == wanted)
        {
            return wanted;
        }

        _failure = AgeException.Payload("it was cut off while it was read");
        return 0;
    }

    private static int ReadAt(SafeFileHandle handle, Span<byte> buffer, long from)
    {
        var length = 0;
        while (length < buffer.Length && RandomAccess.Read(handle, buffer[length..], from + length) is var read and > 0)
        {
            length += read;
        }

        return length;
    }

    private bool Open(ChaCha cipher, ReadOnlySpan<byte> sealedChunks, long chunk)
    {
        Span<byte> nonce = stackalloc byte[ChaCha.NonceSize];
        var start = (int)(chunk * AgeFormat.ChunkSize);
        ModelMemory.Populate(_clear, start, Math.Min(_clear.Length - start, ChunksPerTurn * AgeFormat.ChunkSize));
        for (; sealedChunks.Length != 0; chunk++)
        {
            var length = Math.Min(sealedChunks.Length, AgeFormat.SealedChunkSize);

            // The length says which chunk must be the last: a flag anywhere else, or none there, does not authenticate.
            AgePayload.WriteNonce(nonce, chunk, isLast: chunk == _chunks - 1);
            if (!cipher.TryOpen(nonce, sealedChunks[..length], _clear.AsSpan((int)(chunk * AgeFormat.ChunkSize), length - AgeFormat.TagSize)))
            {
                _failure = AgeException.Payload("it was changed, or cut off");
                return false;
            }

            sealedChunks = sealedChunks[length..];
        }

        return true;
    }
}
