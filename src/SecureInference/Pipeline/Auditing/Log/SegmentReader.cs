using System.Buffers;

namespace SecureInference.Pipeline.Auditing.Log;

/// <summary>Reads one segment from its first byte to the length that it had when it was opened.</summary>
internal sealed class SegmentReader : IDisposable
{
    private const int BufferLength = 2 * Frame.MaxLength;

    private readonly LogFile _file;
    private readonly byte[] _buffer = ArrayPool<byte>.Shared.Rent(BufferLength);
    private long _bufferOffset;
    private int _buffered;
    private int _bodyLength;

    public SegmentReader(LogFile file)
    {
        _file = file;
        Length = file.Length;
        Header = SegmentHeader.TryParse(At(0, SegmentHeader.MaxLength));
        End = Header?.Length ?? 0;
    }

    public long Length { get; }

    /// <summary>Gets the header, where it is whole.</summary>
    public SegmentHeader? Header { get; }

    /// <summary>Gets where the last whole frame ends: there the next one begins, or what is no frame.</summary>
    public long End { get; private set; }

    /// <summary>Gets where the frame that was read last begins.</summary>
    public long Offset { get; private set; }

    public FrameType Type { get; private set; }

    /// <summary>Gets the frame's body, until the next read.</summary>
    public ReadOnlySpan<byte> Body => At(Offset + Frame.HeaderLength, _bodyLength)[.._bodyLength];

    /// <summary>Reads the next frame.</summary>
    public FrameStatus Read()
    {
        var status = Look(out var type, out var length);
        if (status == FrameStatus.Whole)
        {
            (Type, Offset, _bodyLength) = (type, End, length);
            End += Frame.HeaderLength + length;
        }

        return status;
    }

    /// <summary>Says what comes next.</summary>
    public FrameStatus Peek() => Look(out _, out _);

    /// <summary>Steps back before the frame that was read last.</summary>
    public void Unread() => End = Offset;

    /// <summary>Says whether any whole frame begins after an offset: then what is broken there is no torn end.</summary>
    public bool HasFrameAfter(long offset)
    {
        for (var at = offset + 1; at <= Length - Frame.HeaderLength; at++)
        {
            var status = Frame.Read(At(at, Frame.HeaderLength), out _, out var length);
            if (status == FrameStatus.Short && Frame.Read(At(at, Frame.HeaderLength + length), out _, out _) == FrameStatus.Whole)
            {
                return true;
            }
        }

        return false;
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer, clearArray: true);
        _file.Dispose();
    }

    private FrameStatus Look(out FrameType type, out int length)
    {
        var status = Frame.Read(At(End, Frame.HeaderLength), out type, out length);
        return status == FrameStatus.Short ? Frame.Read(At(End, Frame.HeaderLength + length), out type, out length) : status;
    }

    /// <summary>Returns the bytes from an offset: at least as many as asked for, where the file has them.</summary>
    private ReadOnlySpan<byte> At(long offset, int count)
    {
        var wanted = (int)Math.Min(count, Math.Max(Length - offset, 0));
        if (offset < _bufferOffset || offset + wanted > _bufferOffset + _buffered)
        {
            (_bufferOffset, _buffered) = (offset, 0);
            var space = (int)Math.Min(BufferLength, Length - offset);
            for (int read; _buffered < space && (read = _file.Read(_buffer.AsSpan(_buffered, space - _buffered), offset + _buffered)) > 0;)
            {
                _buffered += read;
            }
        }

        var start = (int)(offset - _bufferOffset);
        return wanted == 0 ? [] : _buffer.AsSpan(start, Math.Min(_buffered - start, Math.Max(wanted, 0)));
    }
}
