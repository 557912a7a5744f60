using System.Buffers.Binary;

namespace SecureInference.Pipeline.Auditing.Records;

/// <summary>Writes one record in its canonical binary form, straight into memory that others lend. Fields are written in the order of their numbers.</summary>
internal ref struct AuditRecordWriter
{
    private const long NanosecondsPerTick = 100;
    private readonly Span<byte> _target;
    private readonly uint _omitted;

    /// <param name="target">At least <see cref="AuditFormat.MaxRecordBytes"/>.</param>
    /// <param name="kind">What the record tells.</param>
    /// <param name="time">When it happened.</param>
    /// <param name="omitted">The fields that are left out, a bit each.</param>
    public AuditRecordWriter(Span<byte> target, AuditRecordKind kind, DateTimeOffset time, uint omitted = 0)
    {
        _target = target;
        _omitted = omitted;
        target[0] = AuditFormat.Schema;
        target[1] = (byte)kind;
        BinaryPrimitives.WriteInt64LittleEndian(target[2..], (time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) * NanosecondsPerTick);
        Length = AuditFormat.HeaderBytes;
    }

    public int Length { get; private set; }

    public void Text(AuditField field, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            End(field, AuditText.Write(value, Value));
        }
    }

    public void Number(AuditField field, long? value)
    {
        if (value is { } number)
        {
            End(field, Varint.Write(Value, (ulong)Math.Max(number, 0)));
        }
    }

    public void Time(AuditField field, TimeSpan? value) => Number(field, value?.Ticks * NanosecondsPerTick);

    public void Code(AuditField field, byte value)
    {
        Value[0] = value;
        End(field, 1);
    }

    public void Bytes(AuditField field, scoped ReadOnlySpan<byte> value)
    {
        if (!value.IsEmpty)
        {
            value.CopyTo(Value);
            End(field, value.Length);
        }
    }

    /// <summary>Writes hexadecimal digits as the bytes that they stand for; what is not so many digits is left out.</summary>
    public void Hash(AuditField field, string? digits)
    {
        if (digits?.Length == 2 * AuditFormat.HashBytes
            && Convert.FromHexString(digits, Value[..AuditFormat.HashBytes], out _, out _) == System.Buffers.OperationStatus.Done)
        {
            End(field, AuditFormat.HashBytes);
        }
    }

    public void Request(RequestName name)
    {
        name.Write(Value);
        End(AuditField.Request, RequestName.Bytes);
    }

    public void Network(ClientNetwork network) => End(AuditField.Network, AuditNetwork.Write(network, Value));

    public void Network(string network) => End(AuditField.Network, AuditNetwork.Write(network, Value));

    public void Tensors(AuditField field, IReadOnlyList<Tensor> tensors) => End(field, AuditTensorList.Write(tensors, Value));

    public void Tensors(AuditField field, int count, IReadOnlyList<AuditTensor> tensors) => End(field, AuditTensorList.Write(count, tensors, Value));

    private readonly Span<byte> Value => _target[(Length + AuditFormat.FieldHeaderBytes)..];

    private void End(AuditField field, int length)
    {
        if ((_omitted & (1u << (int)field)) != 0)
        {
            return;
        }

        var header = _target[Length..];
        header[0] = (byte)field;
        BinaryPrimitives.WriteUInt16LittleEndian(header[1..], (ushort)length);
        Length += AuditFormat.FieldHeaderBytes + length;
    }
}
