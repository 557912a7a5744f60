using SecureInference.Onnx.Admission.Reading;

namespace SecureInference.Onnx.Admission.Cost;

/// <summary>Operators that take parts of what they are given.</summary>
internal static class SelectionRules
{
    public static Dictionary<string, Action<OperatorCall>> Create() => new(StringComparer.Ordinal)
    {
        ["Slice"] = Slice,
        ["Gather"] = Gather,
        ["GatherElements"] = static call => call.OutputLike(call.Input(1), call.Input(0).Kind),
        ["GatherND"] = GatherND,
        ["ArrayFeatureExtractor"] = static call => call.Output(call.Input(0).Kind, null),
        ["Compress"] = static call => call.OutputUnknown(call.Input(0).Kind, call.Input(0).Elements),
        ["NonZero"] = NonZero,
        ["Unique"] = Unique,
        ["TopK"] = TopK,
        ["OneHot"] = OneHot,
        ["NonMaxSuppression"] = static call => call.Output(ElementKind.Int64, call.Input(1).Shape is [var rows, var classes, var boxes] ? [Rows(rows, classes, boxes), 3] : null),
        ["GridSample"] = GridSample,
        ["RoiAlign"] = static call => RegionsOf(call, call.Node.GetInteger("output_height"u8, 1), call.Node.GetInteger("output_width"u8, 1)),
        ["MaxRoiPool"] = static call => RegionsOf(call, call.Node.GetIntegers("pooled_shape"u8) is [var height, _] ? height : -1, call.Node.GetIntegers("pooled_shape"u8) is [_, var width] ? width : -1),
        ["SequenceConstruct"] = Sequence,
        ["SequenceInsert"] = Sequence,
        ["ConcatFromSequence"] = static call => call.OutputUnknown(call.Input(0).Kind, call.Input(0).Elements),
        ["SequenceAt"] = static call => call.OutputUnknown(call.Input(0).Kind, call.Input(0).Elements),
        ["SequenceLength"] = static call => call.Output(ElementKind.Int64, []),
        ["SequenceEmpty"] = static call => call.OutputUnknown(ElementKind.Float, 0),
        ["OptionalHasElement"] = static call => call.Output(ElementKind.Bool, []),
    };

    private static long Rows(long rows, long classes, long boxes) => ValueFact.Count([rows, classes, boxes]);

    private static void Slice(OperatorCall call)
    {
        var input = call.Input(0);
        var starts = call.Node.GetIntegers("starts"u8) ?? KnownValues.ToShape(call.Input(1).Values, KnownValues.Most);
        var ends = call.Node.GetIntegers("ends"u8) ?? KnownValues.ToShape(call.Input(2).Values, KnownValues.Most);
        if (input.Shape is null || starts is null || ends?.Length != starts.Length)
        {
            // A part is never larger than the whole.
            call.OutputLike(input);
            return;
        }

        var axes = call.Has(3) || call.Node.TryGetAttribute("axes"u8, out _)
            ? ShapeRules.AxesOf(call, 3, input.Shape.Length)
            : [.. Enumerable.Range(0, starts.Length).Select(static index => (long)index)];
        var steps = call.Has(4) ? call.Input(4).Values : [.. starts.Select(static _ => 1d)];
        if (axes?.Length != starts.Length || steps?.Length != starts.Length || Array.Exists(axes, axis => axis >= input.Shape.Length))
        {
            call.OutputLike(input);
            return;
        }

        var shape = (long[])input.Shape.Clone();
        var values = input.Values;
        for (var index = 0; index < axes.Length; index++)
        {
            var axis = (int)axes[index];
            var step = (long)steps[index];
            var (first, count) = Places(shape[axis], starts[index], ends[index], step);
            values = values is null ? null : SmallTensor.Take(values, shape, axis, first, step, count);
            shape[axis] = count;
        }

        call.Output(input.Kind, shape, values);
    }

    private static (long First, long Count) Places(long size, long start, long end, long step)
    {
        var from = start < 0 ? start + size : start;
        var to = end < 0 ? end + size : end;
        if (step > 0)
        {
            (from, to) = (Math.Clamp(from, 0, size), Math.Clamp(to, 0, size));
            return (from, to <= from ? 0 : ((to - from - 1) / step) + 1);
        }

        // Backwards: the end may lie before the first place.
        (from, to) = (Math.Clamp(from, -1, size - 1), Math.Clamp(to, -1, size - 1));
        return (from, step == 0 || from <= to ? 0 : ((from - to - 1) / Math.Abs(Math.Max(step, -long.MaxValue))) + 1);
    }

    private static void Gather(OperatorCall call)
    {
        var (data, indices) = (call.Input(0), call.Input(1));
        if (data.Shape is not { Length: > 0 } || indices.Shape is null)
        {
            call.OutputUnknown(data.Kind, Math.Max(data.Elements, indices.Elements));
            return;
        }

        var axis = call.Node.GetInteger("axis"u8, 0);
        var at = (int)Math.Clamp(axis < 0 ? axis + data.Shape.Length : axis, 0, data.Shape.Length - 1);
        long[] shape = [.. data.Shape[..at], .. indices.Shape, .. data.Shape[(at + 1)..]];
        double[]? values = null;
        if (data is { Values: { } known, Shape.Length: 1 } && indices.Values is { } wanted && Array.TrueForAll(wanted, index => index >= -known.Length && index < known.Length))
        {
            values = Array.ConvertAll(wanted, index => known[(int)(index < 0 ? index + known.Length : index)]);
        }

        // A row of a large table may be looked up many times: much of little.
        call.OutputAmplified(data.Kind, shape, values);
    }

    private static void GatherND(OperatorCall call)
    {
        var (data, indices) = (call.Input(0), call.Input(1));
        var batch = call.Node.GetInteger("batch_dims"u8, 0);
        var isKnown = data.Shape is not null && indices.Shape is { Length: > 0 } && batch >= 0 && indices.Shape[^1] + batch <= data.Shape.Length;
        call.OutputAmplified(data.Kind, isKnown ? [.. indices.Shape![..^1], .. data.Shape![(int)(batch + indices.Shape[^1])..]] : null);
    }

    private static void NonZero(OperatorCall call)
    {
        var input = call.Input(0);
        call.Output(ElementKind.Int64, input.Shape is null ? [8, input.Elements] : [Math.Max(1, input.Shape.Length), input.Elements]);
    }

    private static void Unique(OperatorCall call)
    {
        call.OutputUnknown(call.Input(0).Kind, call.Input(0).Elements);
        for (var index = 1; index < 4; index++)
        {
            call.Output(ElementKind.Int64, [call.Input(0).Elements]);
        }
    }

    private static void TopK(OperatorCall call)
    {
        var input = call.Input(0);
        var count = call.Input(1).Values is [var wanted] ? (long)wanted : call.Node.GetInteger("k"u8, long.MaxValue);
        var shape = (long[]?)input.Shape?.Clone();
        if (shape is { Length: > 0 })
        {
            var axis = call.Node.GetInteger("axis"u8, -1);
            ref var dimension = ref shape[(int)Math.Clamp(axis < 0 ? axis + shape.Length : axis, 0, shape.Length - 1)];
            dimension = Math.Clamp(count, 0, dimension);
        }

        call.Output(input.Kind, shape);
        call.Output(ElementKind.Int64, shape);
    }

    private static void OneHot(OperatorCall call)
    {
        var depth = call.Input(1).Values is [var known, ..] ? (long)known : -1;
        call.OutputAmplified(call.Input(2).Kind, call.Input(0).Shape is { } shape && depth >= 0 ? [.. shape, depth] : null);
    }

    private static void GridSample(OperatorCall call)
    {
        var (data, grid) = (call.Input(0), call.Input(1));
        call.OutputAmplified(data.Kind, data.Shape is { Length: > 2 } && grid.Shape?.Length == data.Shape.Length ? [.. data.Shape[..2], .. grid.Shape[1..^1]] : null);
    }

    private static void RegionsOf(OperatorCall call, long height, long width)
    {
        var (data, regions) = (call.Input(0), call.Input(1));
        call.OutputAmplified(data.Kind, data.Shape is [_, var channels, _, _] && regions.Shape is [var count, ..] && height > 0 && width > 0 ? [count, channels, height, width] : null);
    }

    private static void Sequence(OperatorCall call)
    {
        var total = 0L;
        for (var index = 0; index < call.InputCount; index++)
        {
            total = total > long.MaxValue - call.Input(index).Elements ? long.MaxValue : total + call.Input(index).Elements;
        }

        call.OutputUnknown(call.Input(0).Kind, total);
    }
}
