using SecureInference.Onnx.Admission.Reading;

namespace SecureInference.Onnx.Admission.Cost;

/// <summary>Operators that change the shape of what they are given.</summary>
internal static class ShapeRules
{
    private const int MostRank = 64;

    public static Dictionary<string, Action<OperatorCall>> Create() => new(StringComparer.Ordinal)
    {
        ["Shape"] = Shape,
        ["Size"] = static call => call.Output(ElementKind.Int64, [], call.Input(0).Shape is null ? null : [call.Input(0).Elements]),
        ["Reshape"] = Reshape,
        ["Flatten"] = Flatten,
        ["Squeeze"] = Squeeze,
        ["Unsqueeze"] = Unsqueeze,
        ["Transpose"] = Transpose,
        ["Concat"] = Concat,
        ["Split"] = Split,
        ["DepthToSpace"] = static call => Blocks(call, static (shape, block) => [shape[0], shape[1] / (block * block), shape[2] * block, shape[3] * block]),
        ["SpaceToDepth"] = static call => Blocks(call, static (shape, block) => [shape[0], shape[1] * block * block, shape[2] / block, shape[3] / block]),
        ["Expand"] = static call => call.OutputAmplified(call.Input(0).Kind, ElementwiseRules.Broadcast(call.Input(0).Shape, KnownValues.ToShape(call.Input(1).Values, MostRank))),
        ["Tile"] = Tile,
        ["Pad"] = Pad,
        ["Resize"] = static call => Resize(call, scales: 2, sizes: 3),
        ["Upsample"] = static call => Resize(call, scales: 1, sizes: int.MaxValue),
        ["CenterCropPad"] = static call => call.OutputUnbounded(call.Input(0).Kind),
        ["Col2Im"] = static call => call.OutputUnbounded(call.Input(0).Kind),
    };

    /// <summary>Returns the axes that a node names, in an attribute or an input, as they count from the front.</summary>
    public static long[]? AxesOf(OperatorCall call, int input, int rank)
    {
        var axes = call.Node.GetIntegers("axes"u8) ?? KnownValues.ToShape(call.Input(input).Values, MostRank);
        return axes is null || Array.Exists(axes, axis => axis < -rank || axis >= rank) ? null : Array.ConvertAll(axes, axis => axis < 0 ? axis + rank : axis);
    }

    private static void Shape(OperatorCall call)
    {
        if (call.Input(0).Shape is not { } shape)
        {
            call.Output(ElementKind.Int64, [8]);
            return;
        }

        var start = Clamp(call.Node.GetInteger("start"u8, 0), shape.Length);
        var end = Clamp(call.Node.GetInteger("end"u8, shape.Length), shape.Length);
        var part = shape[start..Math.Max(start, end)];
        call.Output(ElementKind.Int64, [part.Length], Array.ConvertAll(part, static dimension => (double)dimension));
    }

    private static int Clamp(long index, int rank) => (int)Math.Clamp(index < 0 ? index + rank : index, 0, rank);

    private static void Reshape(OperatorCall call)
    {
        var (input, target) = (call.Input(0), KnownValues.ToShape(call.Input(1).Values, MostRank) ?? call.Node.GetIntegers("shape"u8));
        if (target is null)
        {
            call.OutputUnknown(input.Kind, input.Elements);
            return;
        }

        var shape = (long[])target.Clone();
        var keepsZero = call.Node.GetInteger("allowzero"u8, 0) == 1;
        for (var index = 0; index < shape.Length; index++)
        {
            shape[index] = shape[index] == 0 && !keepsZero && index < input.Shape?.Length ? input.Shape[index] : shape[index];
        }

        if (Array.IndexOf(shape, -1) is >= 0 and var open)
        {
            shape[open] = 1;
            // Rounded up: the dimensions are the largest, and need not divide.
            shape[open] = ValueFact.Count(shape) is var known and > 0 ? (input.Elements / known) + (input.Elements % known == 0 ? 0 : 1) : 0;
        }

        if (Array.Exists(shape, static dimension => dimension < 0) || ValueFact.Count(shape) / 2 > input.Elements)
        {
            // The model contradicts itself at these sizes; it fails when it runs, or the largest sizes mislead.
            call.OutputUnknown(input.Kind, input.Elements);
            return;
        }

        call.Output(input.Kind, shape, input.Values?.Length == ValueFact.Count(shape) ? input.Values : null);
    }

    private static void Flatten(OperatorCall call)
    {
        var shape = call.Input(0).Shape;
        var axis = shape is null ? 0 : Clamp(call.Node.GetInteger("axis"u8, 1), shape.Length);
        call.Output(call.Input(0).Kind, shape is null ? null : [ValueFact.Count(shape.AsSpan(0, axis)), ValueFact.Count(shape.AsSpan(axis))]);
    }

    private static void Squeeze(OperatorCall call)
    {
        var input = call.Input(0);
        var axes = input.Shape is null ? null : AxesOf(call, 1, input.Shape.Length);
        var hasAxes = call.Has(1) || call.Node.TryGetAttribute("axes"u8, out _);
        call.Output(
            input.Kind,
            input.Shape is null || (hasAxes && axes is null) ? null : [.. input.Shape.Where((dimension, index) => hasAxes ? Array.IndexOf(axes ?? [], index) < 0 : dimension != 1)],
            input.Values);
    }

    private static void Unsqueeze(OperatorCall call)
    {
        var input = call.Input(0);
        var count = (call.Node.GetIntegers("axes"u8)?.Length ?? call.Input(1).Values?.Length) ?? 0;
        if (input.Shape is null || count == 0 || AxesOf(call, 1, input.Shape.Length + count) is not { } axes)
        {
            call.OutputUnknown(input.Kind, input.Elements);
            return;
        }

        var shape = new long[input.Shape.Length + axes.Length];
        var next = 0;
        for (var index = 0; index < shape.Length; index++)
        {
            shape[index] = Array.IndexOf(axes, index) >= 0 || next >= input.Shape.Length ? 1 : input.Shape[next++];
        }

        call.Output(input.Kind, shape, input.Values);
    }

    private static void Transpose(OperatorCall call)
    {
        var shape = call.Input(0).Shape;
        var order = call.Node.GetIntegers("perm"u8);
        if (shape is not null && order is null)
        {
            order = [.. Enumerable.Range(0, shape.Length).Select(static index => (long)index).Reverse()];
        }

        var fits = shape is not null && order?.Length == shape.Length && Array.TrueForAll(order, axis => axis >= 0 && axis < shape.Length);
        if (!fits || shape is null || order is null)
        {
            call.OutputUnknown(call.Input(0).Kind, call.Input(0).Elements);
            return;
        }

        call.Output(call.Input(0).Kind, Array.ConvertAll(order, axis => shape[axis]), SmallTensor.Transpose(call.Input(0).Values, shape, order));
    }

    private static void Concat(OperatorCall call)
    {
        var total = 0L;
        long[]? shape = null;
        var values = new List<double>();
        for (var index = 0; index < call.InputCount; index++)
        {
            var input = call.Input(index);
            total = AddUp(total, input.Elements);
            shape = index == 0 ? (long[]?)input.Shape?.Clone() : shape is not null && input.Shape?.Length == shape.Length ? Join(shape, input.Shape, Clamp(call.Node.GetInteger("axis"u8, 0), shape.Length)) : null;
            values.AddRange(input.Values is { } known && values.Count <= KnownValues.Most ? known : [double.NaN]);
        }

        var areKnown = values.Count <= KnownValues.Most && !values.Exists(double.IsNaN) && shape is { Length: 1 };
        if (shape is null)
        {
            call.OutputUnknown(call.Input(0).Kind, total);
        }
        else
        {
            call.Output(call.Input(0).Kind, shape, areKnown ? [.. values] : null);
        }
    }

    private static long[] Join(long[] shape, long[] other, int axis)
    {
        for (var index = 0; index < shape.Length; index++)
        {
            shape[index] = index == axis ? AddUp(shape[index], other[index]) : Math.Max(shape[index], other[index]);
        }

        return shape;
    }

    private static long AddUp(long one, long other) => one > long.MaxValue - other ? long.MaxValue : one + other;

    private static void Split(OperatorCall call)
    {
        var input = call.Input(0);
        var outputs = call.Node.Outputs.Count();
        var sizes = call.Node.GetIntegers("split"u8) ?? KnownValues.ToShape(call.Input(1).Values, KnownValues.Most);
        for (var index = 0; index < outputs && index < KnownValues.Most; index++)
        {
            if (input.Shape is not { Length: > 0 })
            {
                call.OutputUnknown(input.Kind, input.Elements);
                continue;
            }

            var shape = (long[])input.Shape.Clone();
            ref var dimension = ref shape[Math.Min(Clamp(call.Node.GetInteger("axis"u8, 0), shape.Length), shape.Length - 1)];
            dimension = sizes is not null && index < sizes.Length ? Math.Clamp(sizes[index], 0, dimension) : (dimension + outputs - 1) / outputs;
            call.Output(input.Kind, shape);
        }
    }

    private static void Blocks(OperatorCall call, Func<long[], long, long[]> change)
    {
        var block = Math.Max(1, call.Node.GetInteger("blocksize"u8, 1));
        call.Output(call.Input(0).Kind, call.Input(0).Shape is { Length: 4 } shape && block < int.MaxValue ? change(shape, block) : null);
    }

    private static void Tile(OperatorCall call)
    {
        var (shape, repeats) = (call.Input(0).Shape, call.Input(1).Values);
        call.OutputAmplified(call.Input(0).Kind, shape is null || repeats?.Length != shape.Length ? null : Multiply(shape, repeats));
    }

    private static void Pad(OperatorCall call)
    {
        var shape = call.Input(0).Shape;
        var pads = call.Node.GetIntegers("pads"u8) ?? KnownValues.ToShape(call.Input(1).Values, KnownValues.Most);
        // Some axes only, in any order: the sum on each is then not known.
        call.OutputAmplified(call.Input(0).Kind, shape is null || pads?.Length != 2 * shape.Length || call.Has(3)
            ? null
            : [.. shape.Select((dimension, index) => (long)Math.Max(0, dimension + (double)pads[index] + pads[index + shape.Length]))]);
    }

    private static void Resize(OperatorCall call, int scales, int sizes)
    {
        var shape = call.Input(0).Shape;
        if (shape is not null && call.Has(sizes))
        {
            var target = KnownValues.ToShape(call.Input(sizes).Values, MostRank);
            call.OutputAmplified(call.Input(0).Kind, target?.Length == shape.Length ? target : null);
            return;
        }

        var index = call.Node.TryGetAttribute("scales"u8, out _) ? -1 : call.InputCount == 2 && scales == 2 ? 1 : scales;
        var factors = index < 0 ? call.Node.GetFloats("scales"u8) : call.Input(index).Values;
        call.OutputAmplified(call.Input(0).Kind, shape is null || factors?.Length != shape.Length ? null : Multiply(shape, factors));
    }

    private static long[] Multiply(long[] shape, double[] factors) => [.. shape.Select((dimension, index) => (long)Math.Max(0, Math.Floor(dimension * factors[index])))];
}
