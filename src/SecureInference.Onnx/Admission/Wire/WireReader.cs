using System.Buffers.Binary;

namespace SecureInference.Onnx.Admission.Wire;

/// <summary>Reads the fields of one protobuf message in place: whatever it declares, nothing is allocated and nothing is read beyond it.</summary>
internal ref struct WireReader
{
    private const int MaxVarintBytes = 10;

    private readonly ReadOnlySpan<byte> _file;

    public WireReader(ReadOnlySpan<byte> file, Slice message)
    {
        _file = file;
        Position = message.Start;
        End = message.End;
    }

    /// <summary>Gets what is wrong where <see cref="Read"/> ended before the message did.</summary>
    public string? Fault { get; private set; }

    /// <summary>Gets where the message ends.</summary>
    public int End { get; }

    /// <summary>Gets the byte that is read next.</summary>
    public int Position { get; private set; }

    public int Field { get; private set; }

    public WireKind Kind { get; private set; }

    /// <summary>Gets the value of a varint or of a fixed number.</summary>
    public ulong Number { get; private set; }

    /// <summary>Gets the bytes of the value.</summary>
    public Slice Value { get; private set; }

    /// <summary>Reads the next field.</summary>
    /// <returns><see langword="false"/> at the end, or where <see cref="Fault"/> says what is wrong.</returns>
    public bool Read()
    {
        if (Position >= End || Fault is not null || !ReadVarint(out var tag))
        {
            return false;
        }

        Field = (int)Math.Min(tag >> 3, int.MaxValue);
        Kind = (WireKind)(tag & 7);
        return tag > uint.MaxValue || Field == 0 ? Fail("has a field without a number") : ReadValue();
    }

    /// <summary>Reads one element of a packed list.</summary>
    public bool ReadVarint(out ulong value)
    {
        value = 0;
        for (var index = 0; index < MaxVarintBytes; index++)
        {
            if (Position >= End)
            {
                return Fail("ends within a number: it is cut off or is damaged");
            }

            var next = _file[Position++];
            value |= (ulong)(next & 0x7F) << (7 * index);
            if (next < 0x80)
            {
                // A number has one spelling: others are written only to be read differently by two parsers.
                return (index > 0 && next == 0) || (index == MaxVarintBytes - 1 && next > 1) ? Fail("has a number that is spelt longer than it is") : true;
            }
        }

        return Fail("has a number of more than 10 bytes");
    }

    private bool ReadValue()
    {
        switch (Kind)
        {
            case WireKind.Varint:
                var start = Position;
                var isRead = ReadVarint(out var number);
                (Number, Value) = (number, new Slice(start, Position - start));
                return isRead;
            case WireKind.Fixed64 or WireKind.Fixed32:
                var length = Kind == WireKind.Fixed64 ? sizeof(ulong) : sizeof(uint);
                return Take((ulong)length) && ReadFixed();
            case WireKind.Bytes:
                return ReadVarint(out var declared) && Take(declared);
            default:
                return Fail("has a field of a kind that ONNX does not use");
        }
    }

    private bool Take(ulong length)
    {
        if (length > (ulong)(End - Position))
        {
            return Fail("has a field that is longer than what holds it: it is cut off or is damaged");
        }

        Value = new Slice(Position, (int)length);
        Position += (int)length;
        return true;
    }

    private bool ReadFixed()
    {
        var bytes = Value.Of(_file);
        Number = bytes.Length == sizeof(ulong) ? BinaryPrimitives.ReadUInt64LittleEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        return true;
    }

    private bool Fail(string fault)
    {
        Fault ??= fault;
        return false;
    }
}
