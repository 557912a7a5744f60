using SecureInference.Pipeline.Auditing.Tree;

namespace SecureInference.Pipeline.Auditing.Log;

/// <summary>The frames that are not known to be on disk. They stay here until they are: what the disk lost is written again.</summary>
internal sealed class PendingFrames
{
    private const int SmallCapacity = 1 << 20;

    private byte[] _buffer = new byte[SmallCapacity];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> From(int start) => _buffer.AsSpan(start, Length - start);

    /// <summary>Adds a record, and hashes it where it lies.</summary>
    public void AddRecord(ReadOnlySpan<byte> record, TreeHasher hasher, Span<byte> leaf)
    {
        var frame = Reserve(record.Length);
        record.CopyTo(frame[Frame.HeaderLength..]);

        // The byte before the record is the checksum's last, which is written later.
        var prefixed = frame[(Frame.HeaderLength - 1)..];
        prefixed[0] = TreeHasher.LeafPrefix;
        hasher.PrefixedLeaf(prefixed, leaf);
        Frame.Finish(frame, FrameType.Record);
    }

    public void Add(ReadOnlySpan<byte> body, FrameType type)
    {
        var frame = Reserve(body.Length);
        body.CopyTo(frame[Frame.HeaderLength..]);
        Frame.Finish(frame, type);
    }

    public void Clear()
    {
        Length = 0;

        // An outage made it grow; it is over.
        if (_buffer.Length > 8 * SmallCapacity)
        {
            _buffer = new byte[SmallCapacity];
        }
    }

    private Span<byte> Reserve(int bodyLength)
    {
        var length = Frame.HeaderLength + bodyLength;
        if (_buffer.Length - Length < length)
        {
            Array.Resize(ref _buffer, (int)Math.Min(Math.Max(2L * _buffer.Length, (long)Length + length), Array.MaxLength));
        }

        var frame = _buffer.AsSpan(Length, length);
        Length += length;
        return frame;
    }
}
