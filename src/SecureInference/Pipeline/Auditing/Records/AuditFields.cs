using System.Buffers.Binary;

namespace SecureInference.Pipeline.Auditing.Records;

/// <summary>Walks over the fields of a record, each of which must have a higher number than the one before.</summary>
internal ref struct AuditFields(ReadOnlySpan<byte> rest)
{
    private ReadOnlySpan<byte> _rest = rest;

    public AuditField Field { get; private set; }

    public ReadOnlySpan<byte> Value { get; private set; }

    /// <summary>Gets the fields that came so far, a bit each.</summary>
    public uint Seen { get; private set; }

    /// <summary>Gets what is wrong, where the walk ended before the record did.</summary>
    public string? Problem { get; private set; }

    public bool MoveNext()
    {
        if (_rest.IsEmpty)
        {
            return false;
        }

        if (_rest.Length < AuditFormat.FieldHeaderBytes)
        {
            return Fail("it ends within the header of a field");
        }

        var (field, length) = ((AuditField)_rest[0], BinaryPrimitives.ReadUInt16LittleEndian(_rest[1..]));
        if (field <= Field || !Enum.IsDefined(field))
        {
            return Fail($"field {(byte)field} is unknown, or does not come after field {(byte)Field}");
        }

        if (length == 0 || length > _rest.Length - AuditFormat.FieldHeaderBytes)
        {
            return Fail($"field {field} is empty, or longer than the record");
        }

        Field = field;
        Seen |= 1u << (int)field;
        Value = _rest.Slice(AuditFormat.FieldHeaderBytes, length);
        _rest = _rest[(AuditFormat.FieldHeaderBytes + length)..];
        return true;
    }

    private bool Fail(string problem)
    {
        Problem = problem;
        return false;
    }
}
