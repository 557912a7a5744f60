namespace SecureInference.Pipeline.Auditing.Records;

/// <summary>Tensors in a record: how many there were, then as many as there is room for.</summary>
internal static class AuditTensorList
{
    private const int MaxNameBytes = AuditFormat.MaxTextBytes;

    // Name with its length, type, rank, dimensions, size: the most that one entry takes.
    private const int MaxEntryBytes = 2 + MaxNameBytes + 1 + 1 + (AuditFormat.MaxRank * Varint.MaxBytes) + Varint.MaxBytes;

    public static int Write(IReadOnlyList<Tensor> tensors, Span<byte> target)
    {
        var length = Varint.Write(target, (ulong)tensors.Count);
        for (var index = 0; index < tensors.Count && length + MaxEntryBytes <= AuditFormat.MaxTensorListBytes; index++)
        {
            var tensor = tensors[index];
            if (tensor.Shape.Length > AuditFormat.MaxRank)
            {
                break;
            }

            length += WriteEntry(target[length..], tensor.Name, tensor.DataType, tensor.Shape, tensor.Data.Length);
        }

        return length;
    }

    public static int Write(int count, IReadOnlyList<AuditTensor> tensors, Span<byte> target)
    {
        var length = Varint.Write(target, (ulong)count);
        foreach (var tensor in tensors)
        {
            length += WriteEntry(target[length..], tensor.Name, tensor.DataType, [.. tensor.Shape], tensor.Bytes);
        }

        return length;
    }

    /// <summary>Reads a list; one that names more tensors than it counts is none.</summary>
    public static bool TryRead(ReadOnlySpan<byte> source, out int count, out IReadOnlyList<AuditTensor> tensors)
    {
        var list = new List<AuditTensor>();
        (tensors, count) = (list, 0);
        if (source.Length > AuditFormat.MaxTensorListBytes || !Varint.TryRead(ref source, out var all) || all > int.MaxValue)
        {
            return false;
        }

        count = (int)all;
        while (!source.IsEmpty)
        {
            if (list.Count == count || !TryReadEntry(ref source, out var tensor))
            {
                return false;
            }

            list.Add(tensor!);
        }

        return true;
    }

    public static int WriteEntry(Span<byte> target, string name, TensorDataType type, ReadOnlySpan<long> shape, long bytes)
    {
        // Its length in two bytes: a name may have 256.
        var length = AuditText.Write(name, target[2..]);
        target[0] = (byte)length;
        target[1] = (byte)(length >> 8);
        length += 2;
        target[length++] = (byte)type;
        target[length++] = (byte)shape.Length;
        foreach (var dimension in shape)
        {
            length += Varint.Write(target[length..], (ulong)dimension);
        }

        return length + Varint.Write(target[length..], (ulong)bytes);
    }

    public static bool TryReadEntry(ref ReadOnlySpan<byte> source, out AuditTensor? tensor)
    {
        tensor = null;
        var nameLength = source.Length < 2 ? int.MaxValue : source[0] | (source[1] << 8);
        if (nameLength > MaxNameBytes || source.Length < 2 + nameLength + 2 || !AuditText.TryRead(source.Slice(2, nameLength), out var name))
        {
            return false;
        }

        source = source[(2 + nameLength)..];
        var (type, rank) = ((TensorDataType)source[0], source[1]);
        source = source[2..];
        if (!Enum.IsDefined(type) || rank > AuditFormat.MaxRank)
        {
            return false;
        }

        var shape = new long[rank];
        for (var axis = 0; axis < rank; axis++)
        {
            if (!TryReadSize(ref source, out shape[axis]))
            {
                return false;
            }
        }

        if (!TryReadSize(ref source, out var bytes))
        {
            return false;
        }

        tensor = new AuditTensor(name!, type, shape, bytes);
        return true;
    }

    private static bool TryReadSize(ref ReadOnlySpan<byte> source, out long size)
    {
        var isRead = Varint.TryRead(ref source, out var value);
        size = (long)value;
        return isRead && size >= 0;
    }
}
