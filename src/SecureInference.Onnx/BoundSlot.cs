namespace SecureInference.Onnx;

/// <summary>Where one tensor lies in a lane's memory.</summary>
/// <param name="Spec">The tensor's declaration.</param>
/// <param name="Offset">The first byte.</param>
/// <param name="UnitBytes">The bytes of a row, or of the whole tensor where it has no rows.</param>
internal sealed record BoundSlot(TensorSpec Spec, int Offset, int UnitBytes)
{
    /// <summary>Answers have few rows; more shapes would only hold memory.</summary>
    private const int MaxCached = 64;

    private readonly long[]?[] _shapes = new long[]?[MaxCached + 1];

    public int GetBytes(int rows) => Spec.HasRows ? UnitBytes * rows : UnitBytes;

    /// <summary>Returns where a row begins.</summary>
    public int GetOffset(int row) => Spec.HasRows ? Offset + (UnitBytes * row) : Offset;

    /// <summary>Returns the shape of some rows; every tensor of this many shares it, and nobody writes to it.</summary>
    public long[] GetShape(int rows)
    {
        if (rows > MaxCached)
        {
            return CreateShape(rows);
        }

        // Two threads may make the same shape: either will do.
        return Volatile.Read(ref _shapes[rows]) ?? (_shapes[rows] = CreateShape(rows));
    }

    private long[] CreateShape(int rows)
    {
        var shape = Spec.Shape.ToArray();
        if (Spec.HasRows)
        {
            shape[0] = rows;
        }

        return shape;
    }
}
