namespace SecureInference.Onnx.Admission.Cost;

/// <summary>Moves the values of small tensors as the operators do: exporters write paddings in several such steps.</summary>
internal static class SmallTensor
{
    /// <summary>Takes every <paramref name="step"/>th of the places along an axis, <paramref name="count"/> of them.</summary>
    public static double[]? Take(double[] values, long[] shape, int axis, long first, long step, long count)
    {
        var inner = (int)ValueFact.Count(shape.AsSpan(axis + 1));
        var size = (int)shape[axis] * inner;
        if (size == 0 || count > values.Length || values.Length % size != 0)
        {
            return null;
        }

        var taken = new List<double>();
        for (var outer = 0; outer < values.Length; outer += size)
        {
            for (var index = 0L; index < count; index++)
            {
                var place = first + (index * step);
                if (place < 0 || place >= shape[axis])
                {
                    return null;
                }

                taken.AddRange(values.AsSpan(outer + ((int)place * inner), inner));
            }
        }

        return [.. taken];
    }

    /// <summary>Transposes a matrix.</summary>
    public static double[]? Transpose(double[]? values, long[] shape, long[] order)
    {
        if (values is null || shape is not [var rows, var columns] || values.Length != rows * columns)
        {
            return shape.Length < 2 ? values : null;
        }

        return order is [0, 1] ? values : [.. Enumerable.Range(0, values.Length).Select(index => values[(index % rows * columns) + (index / rows)])];
    }
}
