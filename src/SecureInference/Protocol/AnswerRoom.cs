using System.Buffers;

namespace SecureInference.Protocol;

/// <summary>The response's memory, asked for seldom and much at once: each number's own request would cost more than the number.</summary>
internal ref struct AnswerRoom(IBufferWriter<byte> writer)
{
    private const int Least = 512;
    private Span<byte> _room;
    private int _used;

    /// <summary>Gets the bytes that were flushed.</summary>
    public long Length { get; private set; }

    /// <summary>Returns room for so many bytes or more.</summary>
    public Span<byte> For(int length)
    {
        if (_room.Length - _used < length)
        {
            Flush();
            _room = writer.GetSpan(Math.Max(length, Least));
        }

        return _room[_used..];
    }

    /// <summary>Notes that bytes of the room were written.</summary>
    public void Advance(int written) => _used += written;

    public void Write(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var part = bytes[..Math.Min(bytes.Length, Least)];
            part.CopyTo(For(part.Length));
            _used += part.Length;
            bytes = bytes[part.Length..];
        }
    }

    public void Flush()
    {
        if (_used > 0)
        {
            writer.Advance(_used);
        }

        Length += _used;
        _used = 0;
        _room = default;
    }
}
