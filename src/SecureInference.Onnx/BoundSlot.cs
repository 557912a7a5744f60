namespace SecureInference.Onnx;

/// <summary>Where one tensor lies in a lane's memory.</summary>
/// <param name="Spec">The tensor's declaration.</param>
/// <param name="Offset">The first byte.</param>
/// <param name="UnitBytes">The bytes of a row, or of the whole tensor where it has no rows.</param>
internal sealed record BoundSlot(TensorSpec Spec, int Offset, int UnitBytes)
{
    public int GetBytes(int rows) => Spec.HasRows ? UnitBytes * rows : UnitBytes;

    public long[] GetShape(int rows)
    {
        var shape = Spec.Shape.ToArray();
        if (Spec.HasRows)
        {
            shape[0] = rows;
        }

        return shape;
    }
}
