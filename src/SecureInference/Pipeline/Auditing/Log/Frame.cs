using System.Buffers.Binary;
using SecureInference.Pipeline.Auditing.Tree;

namespace SecureInference.Pipeline.Auditing.Log;

/// <summary>Reads and writes the frames of a segment: length and type, checksum, body.</summary>
internal static class Frame
{
    public const int HeaderLength = 8;
    public const int MaxRecordLength = 1 << 20;
    public const int MaxCheckpointLength = 4096;
    public const int FooterLength = sizeof(long) + TreeHasher.HashLength;
    public const int MaxLength = HeaderLength + MaxRecordLength;

    private const int TypeShift = 24;

    /// <summary>Fills in the header of a frame whose body already stands behind it.</summary>
    public static void Finish(Span<byte> frame, FrameType type)
    {
        var body = frame[HeaderLength..];
        BinaryPrimitives.WriteUInt32LittleEndian(frame, ((uint)type << TypeShift) | (uint)body.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[4..], Crc32C.Compute(frame[..4], body));
    }

    /// <summary>Makes the frame that ends a segment.</summary>
    public static byte[] Footer(CompactRange range)
    {
        var frame = new byte[HeaderLength + FooterLength];
        BinaryPrimitives.WriteInt64LittleEndian(frame.AsSpan(HeaderLength), range.Size);
        range.Root(frame.AsSpan(HeaderLength + sizeof(long)));
        Finish(frame, FrameType.Footer);
        return frame;
    }

    public static FrameStatus Read(ReadOnlySpan<byte> data, out FrameType type, out int bodyLength)
    {
        type = default;
        bodyLength = 0;
        if (data.Length < HeaderLength)
        {
            return data.IsEmpty ? FrameStatus.End : FrameStatus.Short;
        }

        var word = BinaryPrimitives.ReadUInt32LittleEndian(data);
        type = (FrameType)(word >> TypeShift);
        bodyLength = (int)(word & ((1 << TypeShift) - 1));
        if (!IsPlausible(type, bodyLength))
        {
            return FrameStatus.Damaged;
        }

        return data.Length < HeaderLength + bodyLength ? FrameStatus.Short
            : BinaryPrimitives.ReadUInt32LittleEndian(data[4..]) == Crc32C.Compute(data[..4], data.Slice(HeaderLength, bodyLength)) ? FrameStatus.Whole
            : FrameStatus.Damaged;
    }

    private static bool IsPlausible(FrameType type, int length) => type switch
    {
        FrameType.Record => length is > 0 and <= MaxRecordLength,
        FrameType.Checkpoint => length is > 0 and <= MaxCheckpointLength,
        FrameType.Footer => length == FooterLength,
        _ => false,
    };
}
