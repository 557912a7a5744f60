namespace SecureInference.Onnx.Admission.Cost;

/// <summary>How many places a window has on what it moves over.</summary>
internal static class SlidingWindow
{
    public static long[] OutputOf(OperatorCall call, long[] data, long[] kernel, long channels)
    {
        var (strides, pads, dilations) = Read(call);
        var isSame = call.Node.GetText("auto_pad"u8).StartsWith("SAME"u8);
        var roundsUp = call.Node.GetInteger("ceil_mode"u8, 0);
        var shape = new long[data.Length];
        (shape[0], shape[1]) = (data[0], channels);
        for (var axis = 0; axis < kernel.Length; axis++)
        {
            double stride = Math.Max(1, At(strides, axis, 1));
            var padded = data[axis + 2] + (double)At(pads, axis, 0) + At(pads, axis + kernel.Length, 0);
            var reach = ((kernel[axis] - 1d) * At(dilations, axis, 1)) + 1;
            shape[axis + 2] = isSame
                ? (long)Math.Ceiling(data[axis + 2] / stride)
                : (long)Math.Max(0, Math.Floor((padded - reach) / stride) + 1 + roundsUp);
        }

        return shape;
    }

    public static long[] TransposedOutputOf(OperatorCall call, long[] data, long[] kernel)
    {
        var (strides, pads, dilations) = Read(call);
        var extra = call.Node.GetIntegers("output_padding"u8);
        var wanted = call.Node.GetIntegers("output_shape"u8);
        var shape = new long[data.Length];
        (shape[0], shape[1]) = (data[0], (long)Math.Min((double)kernel[1] * Math.Max(1, call.Node.GetInteger("group"u8, 1)), long.MaxValue));
        for (var axis = 0; axis < kernel.Length - 2; axis++)
        {
            var reach = ((kernel[axis + 2] - 1d) * At(dilations, axis, 1)) + 1;
            var size = ((data[axis + 2] - 1d) * At(strides, axis, 1)) + reach + At(extra, axis, 0) - At(pads, axis, 0) - At(pads, axis + kernel.Length - 2, 0);
            shape[axis + 2] = (long)Math.Max(0, wanted?.Length == kernel.Length - 2 ? wanted[axis] : size);
        }

        return shape;
    }

    private static (long[]? Strides, long[]? Pads, long[]? Dilations) Read(OperatorCall call) =>
        (call.Node.GetIntegers("strides"u8), call.Node.GetIntegers("pads"u8), call.Node.GetIntegers("dilations"u8));

    private static long At(long[]? values, int index, long otherwise) => index < values?.Length ? values[index] : otherwise;
}
