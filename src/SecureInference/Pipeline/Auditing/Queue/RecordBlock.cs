using System.Buffers.Binary;

namespace SecureInference.Pipeline.Auditing.Queue;

/// <summary>Records on their way, one behind the other, in memory that is used again.</summary>
internal sealed class RecordBlock
{
    /// <summary>So many bytes are worth a write of their own.</summary>
    public const int Size = 64 * 1024;

    /// <summary>A record's length, and the place for its sequence.</summary>
    public const int EntryHeaderBytes = sizeof(int) + sizeof(long);

    private readonly byte[] _memory = GC.AllocateUninitializedArray<byte>(Size);
    private int _length;

    public int Count { get; private set; }

    /// <summary>Gets or sets the bytes that stand against the queue's bound until the block is free.</summary>
    public long Charged { get; set; }

    /// <summary>Gets or sets the records that stand against it.</summary>
    public int ChargedRecords { get; set; }

    public bool TryAppend(ReadOnlySpan<byte> record)
    {
        if (_length + EntryHeaderBytes + record.Length > Size)
        {
            return false;
        }

        var entry = _memory.AsSpan(_length);
        BinaryPrimitives.WriteInt32LittleEndian(entry, record.Length);
        record.CopyTo(entry[EntryHeaderBytes..]);
        _length += EntryHeaderBytes + record.Length;
        Count++;
        return true;
    }

    /// <summary>Returns the record at a place, and moves on to the next.</summary>
    public ReadOnlySpan<byte> Read(ref int place, out long sequence)
    {
        var entry = _memory.AsSpan(place);
        var length = BinaryPrimitives.ReadInt32LittleEndian(entry);
        sequence = BinaryPrimitives.ReadInt64LittleEndian(entry[sizeof(int)..]);
        place += EntryHeaderBytes + length;
        return entry.Slice(EntryHeaderBytes, length);
    }

    /// <summary>Notes which sequence the log gave to the record at a place.</summary>
    public void Number(int place, long sequence) => BinaryPrimitives.WriteInt64LittleEndian(_memory.AsSpan(place + sizeof(int)), sequence);

    public void Clear()
    {
        // Names of callers are no secrets, but nothing needs them here any longer.
        _memory.AsSpan(0, _length).Clear();
        _length = 0;
        Count = 0;
        Charged = 0;
        ChargedRecords = 0;
    }
}
