namespace SecureInference.Onnx;

/// <summary>How the tensors of a model lie in a lane's memory, where nothing about them varies but the number of rows.</summary>
internal sealed class BoundLayout
{
    /// <summary>What a lane may keep for good. A run that needs more pays so much for computing that preparing it counts for nothing.</summary>
    private const int MaxBytes = 4 << 20;

    /// <summary>A cache line, and more than any element type or vector instruction asks for.</summary>
    private const int Alignment = 64;

    private BoundLayout(BoundSlot[] inputs, BoundSlot[] outputs, int maxRows, int bytes)
    {
        Inputs = inputs;
        Outputs = outputs;
        MaxRows = maxRows;
        Bytes = bytes;
    }

    public IReadOnlyList<BoundSlot> Inputs { get; }

    public IReadOnlyList<BoundSlot> Outputs { get; }

    /// <summary>Gets the most rows that fit; larger requests run unbound.</summary>
    public int MaxRows { get; }

    public int Bytes { get; }

    public static BoundLayout? TryCreate(ModelMetadata metadata)
    {
        long perRow = 0;
        long fix = 0;
        foreach (var spec in metadata.Inputs.Concat(metadata.Outputs))
        {
            if (!TryGetUnitBytes(spec, out var unit))
            {
                return null;
            }

            fix += Alignment + (spec.HasRows ? 0 : unit);
            perRow += spec.HasRows ? unit : 0;
        }

        var rows = perRow == 0 ? 1 : (MaxBytes - fix) / perRow;
        var hasRows = metadata.Inputs.Any(static input => input.HasRows);
        var maxRows = (int)Math.Min(rows, hasRows ? metadata.Limits.MaxRows : 1);
        if (fix > MaxBytes || maxRows < 1)
        {
            return null;
        }

        var offset = 0;
        return new BoundLayout(Place(metadata.Inputs, maxRows, ref offset), Place(metadata.Outputs, maxRows, ref offset), maxRows, offset);
    }

    /// <summary>Finds the number of rows of a request, where the request fits the memory as it is laid out.</summary>
    public bool TryGetRows(InferenceRequest request, out int rows)
    {
        rows = 0;
        for (var index = 0; index < Inputs.Count; index++)
        {
            var slot = Inputs[index];
            if (Find(request, slot.Spec.Name) is not { } tensor
                || tensor.DataType != slot.Spec.DataType
                || tensor.Shape.Length != slot.Spec.Shape.Length)
            {
                return false;
            }

            if (slot.Spec.HasRows)
            {
                var first = tensor.Shape[0];
                if (first < 1 || first > MaxRows || (rows != 0 && rows != first))
                {
                    return false;
                }

                rows = (int)first;
            }

            if (tensor.Data.Length != slot.GetBytes(rows))
            {
                return false;
            }
        }

        rows = Math.Max(rows, 1);
        return true;
    }

    public static Tensor? Find(InferenceRequest request, string name)
    {
        var inputs = request.Inputs;
        for (var index = 0; index < inputs.Count; index++)
        {
            if (inputs[index].Name == name)
            {
                return inputs[index];
            }
        }

        return null;
    }

    private static bool TryGetUnitBytes(TensorSpec spec, out long bytes)
    {
        bytes = spec.DataType.GetElementSize();
        foreach (var dimension in spec.HasRows ? spec.Shape[1..] : spec.Shape)
        {
            // A tensor without elements has no memory to bind; another varying dimension has no fixed size.
            bytes = dimension < 1 || bytes > MaxBytes ? 0 : bytes * dimension;
        }

        return bytes is > 0 and <= MaxBytes;
    }

    private static BoundSlot[] Place(IReadOnlyList<TensorSpec> specs, int maxRows, ref int offset)
    {
        var slots = new BoundSlot[specs.Count];
        for (var index = 0; index < slots.Length; index++)
        {
            TryGetUnitBytes(specs[index], out var unit);
            slots[index] = new BoundSlot(specs[index], offset, (int)unit);
            offset = (offset + slots[index].GetBytes(maxRows) + Alignment - 1) & -Alignment;
        }

        return slots;
    }
}
