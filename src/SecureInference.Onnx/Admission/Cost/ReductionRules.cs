using SecureInference.Onnx.Admission.Reading;

namespace SecureInference.Onnx.Admission.Cost;

/// <summary>Operators that make less of more.</summary>
internal static class ReductionRules
{
    public static Dictionary<string, Action<OperatorCall>> Create()
    {
        var rules = new Dictionary<string, Action<OperatorCall>>(StringComparer.Ordinal)
        {
            ["ArgMax"] = static call => Reduce(call, ElementKind.Int64, [call.Node.GetInteger("axis"u8, 0)]),
            ["ArgMin"] = static call => Reduce(call, ElementKind.Int64, [call.Node.GetInteger("axis"u8, 0)]),
            ["Det"] = static call => call.Output(call.Input(0).Kind, call.Input(0).Shape is { Length: > 1 } shape ? shape[..^2] : null),
        };
        foreach (var name in new[] { "ReduceL1", "ReduceL2", "ReduceLogSum", "ReduceLogSumExp", "ReduceMax", "ReduceMean", "ReduceMin", "ReduceProd", "ReduceSum", "ReduceSumSquare" })
        {
            rules[name] = static call => Reduce(call, call.Input(0).Kind, null);
        }

        foreach (var name in new[] { "GlobalAveragePool", "GlobalMaxPool", "GlobalLpPool" })
        {
            rules[name] = static call => call.Output(call.Input(0).Kind, call.Input(0).Shape is { Length: > 2 } shape ? [shape[0], shape[1], .. Enumerable.Repeat(1L, shape.Length - 2)] : null);
        }

        return rules;
    }

    private static void Reduce(OperatorCall call, ElementKind kind, long[]? only)
    {
        var input = call.Input(0);
        call.Cost.Flops = input.Elements;
        if (input.Shape is not { } shape)
        {
            call.OutputUnknown(kind, input.Elements);
            return;
        }

        var hasAxes = only is not null || call.Has(1) || call.Node.TryGetAttribute("axes"u8, out _);
        var axes = only is not null ? Array.ConvertAll(only, axis => axis < 0 ? axis + shape.Length : axis) : ShapeRules.AxesOf(call, 1, shape.Length);
        if (hasAxes && axes is null)
        {
            call.OutputUnknown(kind, input.Elements);
            return;
        }

        var keeps = call.Node.GetInteger("keepdims"u8, 1) != 0;
        var all = !hasAxes || axes is [];
        long[] reduced = [.. shape.Select((dimension, index) => all || Array.IndexOf(axes ?? [], index) >= 0 ? keeps ? 1 : -1 : dimension).Where(static dimension => dimension >= 0)];
        call.Output(kind, reduced, ValuesOf(call, reduced));
    }

    private static double[]? ValuesOf(OperatorCall call, long[] reduced) =>
        call.Input(0).Values is not { Length: > 0 } values || ValueFact.Count(reduced) != 1 ? null
        : call.Node.OperatorType.SequenceEqual("ReduceProd"u8) ? [values.Aggregate(static (one, other) => one * other)]
        : call.Node.OperatorType.SequenceEqual("ReduceSum"u8) ? [values.Sum()]
        : call.Node.OperatorType.SequenceEqual("ReduceMax"u8) ? [values.Max()]
        : call.Node.OperatorType.SequenceEqual("ReduceMin"u8) ? [values.Min()]
        : null;
}
