namespace SecureInference;

/// <summary>How many bytes a model answers with, where its signature says so.</summary>
internal static class OutputSize
{
    /// <summary>Says whether nothing but its rows changes the size of an output.</summary>
    public static bool IsKnown(TensorSpec spec) =>
        spec.DataType != TensorDataType.Bytes && !(spec.HasRows ? spec.Shape[1..] : spec.Shape).Contains(-1);

    /// <summary>Returns the bytes of the outputs whose size is known; <see cref="long.MaxValue"/> where they are more than can be counted.</summary>
    public static long OfKnown(ModelMetadata model, IReadOnlyList<string> wanted, long rows)
    {
        var bytes = default(UInt128);
        var count = wanted.Count == 0 ? model.Outputs.Count : wanted.Count;
        for (var index = 0; index < count; index++)
        {
            var spec = wanted.Count == 0 ? model.Outputs[index] : model.FindOutput(wanted[index]);
            bytes += spec is null || !IsKnown(spec) ? 0 : Of(spec, rows);
        }

        return (long)UInt128.Min(bytes, long.MaxValue);
    }

    // That a row fits an array is checked when a model is loaded, and rows are an int's: the product fits 128 bits.
    private static UInt128 Of(TensorSpec spec, long rows)
    {
        var bytes = (UInt128)spec.DataType.GetElementSize();
        foreach (var dimension in spec.Shape)
        {
            bytes *= (UInt128)(dimension == -1 ? rows : dimension);
        }

        return bytes;
    }
}
