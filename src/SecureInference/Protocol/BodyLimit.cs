namespace SecureInference.Protocol;

/// <summary>The largest legal body of a model: a larger one need not be read.</summary>
internal static class BodyLimit
{
    /// <summary>Names, shapes, parameters and white space around the data.</summary>
    private const long Envelope = 64 * 1024;

    /// <summary>The longest sensible text of a number, its comma and a line break with indentation.</summary>
    private const long JsonBytesPerElement = 32;

    /// <summary>A byte of a string takes at most six in JSON: a \u escape.</summary>
    private const long JsonBytesPerStringByte = 6;

    public static long Of(ModelMetadata model)
    {
        var limit = Envelope;
        for (var index = 0; index < model.Inputs.Count; index++)
        {
            // Saturates: a model of astronomic dimensions is bounded by what can be rented.
            limit = Math.Min(limit + Math.Min(SizeOf(model.Inputs[index], model.Limits), int.MaxValue), int.MaxValue);
        }

        return limit;
    }

    private static long SizeOf(TensorSpec input, ModelLimits limits)
    {
        if (input.DataType == TensorDataType.Bytes)
        {
            return limits.MaxBytesLength * JsonBytesPerStringByte;
        }

        var elements = Int128.One;
        for (var axis = 0; axis < input.Shape.Length; axis++)
        {
            if (input.Shape[axis] == -1 && axis != 0)
            {
                return limits.MaxTensorElements * JsonBytesPerElement;
            }

            elements *= input.Shape[axis] == -1 ? limits.MaxRows : input.Shape[axis];
            elements = Int128.Min(elements, int.MaxValue);
        }

        return (long)elements * JsonBytesPerElement;
    }
}
