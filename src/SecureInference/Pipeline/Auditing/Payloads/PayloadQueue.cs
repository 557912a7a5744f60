using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace SecureInference.Pipeline.Auditing.Payloads;

/// <summary>Holds entries until the writer has them on disk, bounded by their bytes.</summary>
internal sealed class PayloadQueue(long maxBytes)
{
    private readonly Queue<ArraySegment<byte>> _entries = new();
    private readonly Lock _lock = new();
    private long _bytes;

    /// <summary>Lends the memory of an entry, where there is room.</summary>
    public bool TryRent(int length, [NotNullWhen(true)] out byte[]? memory)
    {
        memory = null;
        if (Interlocked.Add(ref _bytes, length) > maxBytes)
        {
            Interlocked.Add(ref _bytes, -length);
            return false;
        }

        memory = ArrayPool<byte>.Shared.Rent(length);
        return true;
    }

    /// <summary>Takes an entry in memory that was lent.</summary>
    public void Enqueue(byte[] memory, int length)
    {
        lock (_lock)
        {
            _entries.Enqueue(new ArraySegment<byte>(memory, 0, length));
        }
    }

    public bool TryPeek(out ArraySegment<byte> entry)
    {
        lock (_lock)
        {
            return _entries.TryPeek(out entry);
        }
    }

    /// <summary>Takes back the memory of the entry that came first.</summary>
    public void Free()
    {
        ArraySegment<byte> entry;
        lock (_lock)
        {
            entry = _entries.Dequeue();
        }

        Interlocked.Add(ref _bytes, -entry.Count);

        // Salts, at least, are secrets.
        ArrayPool<byte>.Shared.Return(entry.Array!, clearArray: true);
    }
}
