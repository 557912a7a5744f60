using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace SecureInference.Pipeline.Auditing.Payloads;

/// <summary>Holds entries until the writer has them on disk, bounded by their bytes.</summary>
internal sealed class PayloadQueue(long maxBytes)
{
    private const int MostAtOnce = 256;
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

    /// <summary>Lists the entries that came first, as many as are written at once. They stay in the queue.</summary>
    /// <returns><see langword="false"/> where there is none.</returns>
    public bool TryPeek(List<ReadOnlyMemory<byte>> first)
    {
        first.Clear();
        lock (_lock)
        {
            foreach (var entry in _entries)
            {
                first.Add(entry);
                if (first.Count == MostAtOnce)
                {
                    break;
                }
            }
        }

        return first.Count > 0;
    }

    /// <summary>Takes back the memory of as many entries as came first.</summary>
    public void Free(int count)
    {
        for (; count > 0; count--)
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
}
