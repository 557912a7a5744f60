namespace SecureInference.Runtime.Batching;

/// <summary>Which requests may share a batch.</summary>
internal static class BatchRule
{
    /// <summary>Says whether rows of a model can be put together and told apart again: every tensor has them, and elements of one size.</summary>
    public static bool HasRowsThroughout(ModelMetadata metadata) =>
        metadata.Inputs.Count > 0 && metadata.Inputs.Concat(metadata.Outputs).All(static spec => spec.HasRows && spec.DataType != TensorDataType.Bytes);

    /// <summary>Returns the rows of a request that may share a batch, or 0 where it may not: its inputs disagree about their number.</summary>
    public static int RowsOf(InferenceRequest request)
    {
        var rows = 0L;
        for (var index = 0; index < request.Inputs.Count; index++)
        {
            var shape = request.Inputs[index].Shape;
            if (shape.IsEmpty || shape[0] < 1 || (index > 0 && shape[0] != rows))
            {
                return 0;
            }

            rows = shape[0];
        }

        return (int)Math.Min(rows, int.MaxValue);
    }

    /// <summary>Says whether two requests differ in their rows alone.</summary>
    public static bool Fit(InferenceRequest one, InferenceRequest other)
    {
        if (one.Inputs.Count != other.Inputs.Count)
        {
            return false;
        }

        for (var index = 0; index < one.Inputs.Count; index++)
        {
            var first = one.Inputs[index];
            if (InferenceBatch.Find(other.Inputs, first.Name) is not { } second
                || first.Shape.Length != second.Shape.Length
                || !first.Shape[1..].SequenceEqual(second.Shape[1..]))
            {
                return false;
            }
        }

        return true;
    }
}
