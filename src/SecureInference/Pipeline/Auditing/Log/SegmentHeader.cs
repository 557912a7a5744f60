using System.Buffers.Binary;
using SecureInference.Pipeline.Auditing.Tree;

namespace SecureInference.Pipeline.Auditing.Log;

/// <summary>A segment's first bytes: whose log it is of, and the state of the tree before it.</summary>
internal sealed record SegmentHeader(byte[] LogId, long Number, long FirstSequence, byte[] Root, long CreatedNanoseconds, byte[] Key, byte[] Range)
{
    public const int LogIdLength = 16;
    public const int MaxLength = FixedLength + MaxKeyLength + 1 + (63 * TreeHasher.HashLength) + sizeof(uint);

    private const uint Version = 1;
    private const int FixedLength = 90;
    private const int MaxKeyLength = 1024;

    private static ReadOnlySpan<byte> Magic => "SI-AUDIT"u8;

    public int Length => FixedLength + Key.Length + 1 + Range.Length + sizeof(uint);

    public byte[] ToBytes()
    {
        var bytes = new byte[Length];
        var span = bytes.AsSpan();
        Magic.CopyTo(span);
        BinaryPrimitives.WriteUInt32LittleEndian(span[8..], Version);
        BinaryPrimitives.WriteInt32LittleEndian(span[12..], bytes.Length);
        LogId.CopyTo(span[16..]);
        BinaryPrimitives.WriteInt64LittleEndian(span[32..], Number);
        BinaryPrimitives.WriteInt64LittleEndian(span[40..], FirstSequence);
        Root.CopyTo(span[48..]);
        BinaryPrimitives.WriteInt64LittleEndian(span[80..], CreatedNanoseconds);
        BinaryPrimitives.WriteUInt16LittleEndian(span[88..], (ushort)Key.Length);
        Key.CopyTo(span[FixedLength..]);
        var end = FixedLength + Key.Length;
        bytes[end] = (byte)(Range.Length / TreeHasher.HashLength);
        Range.CopyTo(span[(end + 1)..]);
        BinaryPrimitives.WriteUInt32LittleEndian(span[^sizeof(uint)..], Crc32C.Compute(span[..^sizeof(uint)]));
        return bytes;
    }

    /// <summary>Reads a header; <see langword="null"/> where it is not whole.</summary>
    public static SegmentHeader? TryParse(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < FixedLength + 1 + sizeof(uint)
            || !bytes.StartsWith(Magic)
            || BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]) != Version
            || BinaryPrimitives.ReadInt32LittleEndian(bytes[12..]) is var length && (length < FixedLength + 1 + sizeof(uint) || length > bytes.Length))
        {
            return null;
        }

        bytes = bytes[..length];
        var sum = BinaryPrimitives.ReadUInt32LittleEndian(bytes[^sizeof(uint)..]);
        bytes = bytes[..^sizeof(uint)];
        var keyLength = BinaryPrimitives.ReadUInt16LittleEndian(bytes[88..]);
        var first = BinaryPrimitives.ReadInt64LittleEndian(bytes[40..]);
        if (sum != Crc32C.Compute(bytes) || first < 0 || keyLength > MaxKeyLength || bytes.Length < FixedLength + keyLength + 1)
        {
            return null;
        }

        var range = bytes[(FixedLength + keyLength + 1)..];
        return bytes[FixedLength + keyLength] != CompactRange.CountFor(first) || range.Length != CompactRange.CountFor(first) * TreeHasher.HashLength
            ? null
            : new SegmentHeader(
                bytes.Slice(16, LogIdLength).ToArray(),
                BinaryPrimitives.ReadInt64LittleEndian(bytes[32..]),
                first,
                bytes.Slice(48, TreeHasher.HashLength).ToArray(),
                BinaryPrimitives.ReadInt64LittleEndian(bytes[80..]),
                bytes.Slice(FixedLength, keyLength).ToArray(),
                range.ToArray());
    }
}
