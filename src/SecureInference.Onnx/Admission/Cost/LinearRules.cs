using SecureInference.Onnx.Admission.Reading;

namespace SecureInference.Onnx.Admission.Cost;

/// <summary>Operators that multiply matrices or move windows: where most operations are.</summary>
internal static class LinearRules
{
    public static Dictionary<string, Action<OperatorCall>> Create() => new(StringComparer.Ordinal)
    {
        ["MatMul"] = static call => MatMul(call, 1, call.Input(0).Kind),
        ["MatMulInteger"] = static call => MatMul(call, 1, ElementKind.Int32),
        ["QLinearMatMul"] = static call => MatMul(call, 3, call.Input(0).Kind),
        ["Gemm"] = Gemm,
        ["Einsum"] = Einsum,
        ["Attention"] = Attention,
        ["Conv"] = static call => Convolve(call, 1, call.Input(0).Kind),
        ["ConvInteger"] = static call => Convolve(call, 1, ElementKind.Int32),
        ["QLinearConv"] = static call => Convolve(call, 3, call.Input(0).Kind),
        ["DeformConv"] = static call => Convolve(call, 1, call.Input(0).Kind),
        ["ConvTranspose"] = ConvTranspose,
        ["MaxPool"] = Pool,
        ["AveragePool"] = Pool,
        ["LpPool"] = Pool,
        ["MaxUnpool"] = static call => call.OutputUnbounded(call.Input(0).Kind),
        ["DynamicQuantizeLinear"] = DynamicQuantize,
    };

    private static void MatMul(OperatorCall call, int second, ElementKind kind)
    {
        if (call.Input(0).Shape is not { Length: > 0 } left || call.Input(second).Shape is not { Length: > 0 } right)
        {
            call.OutputUnknown(kind, Math.Max(call.Input(0).Elements, call.Input(second).Elements));
            return;
        }

        var batch = ElementwiseRules.Broadcast(left.Length > 2 ? left[..^2] : [], right.Length > 2 ? right[..^2] : []) ?? [];
        long[] shape = [.. batch, .. left.Length > 1 ? [left[^2]] : (long[])[], .. right.Length > 1 ? [right[^1]] : (long[])[]];
        call.Cost.Flops = 2d * ValueFact.Count(shape) * left[^1];
        call.Output(kind, shape);
    }

    private static void Gemm(OperatorCall call)
    {
        if (call.Input(0).Shape is not [var first, var second] || call.Input(1).Shape is not [var third, var fourth])
        {
            call.Output(call.Input(0).Kind, null);
            return;
        }

        var (rows, depth) = call.Node.GetInteger("transA"u8, 0) != 0 ? (second, first) : (first, second);
        var columns = call.Node.GetInteger("transB"u8, 0) != 0 ? third : fourth;
        call.Cost.Flops = 2d * rows * depth * columns;
        call.Output(call.Input(0).Kind, [rows, columns]);
    }

    private static void Einsum(OperatorCall call)
    {
        // Every letter has one size; what the output names is what it is, and all letters together are the operations.
        var equation = System.Text.Encoding.UTF8.GetString(call.Node.GetText("equation"u8)).Replace(" ", "", StringComparison.Ordinal);
        var sides = equation.Split("->");
        var terms = sides[0].Split(',');
        var sizes = new Dictionary<char, long>();
        for (var index = 0; index < terms.Length; index++)
        {
            if (call.Input(index).Shape is not { } shape || shape.Length != terms[index].Length || equation.Contains('.', StringComparison.Ordinal) || sides.Length != 2)
            {
                call.Output(call.Input(0).Kind, null);
                return;
            }

            for (var letter = 0; letter < shape.Length; letter++)
            {
                sizes[terms[index][letter]] = Math.Max(sizes.GetValueOrDefault(terms[index][letter]), shape[letter]);
            }
        }

        call.Cost.Flops = 2 * sizes.Values.Aggregate(1d, static (product, size) => product * size);
        call.OutputAmplified(call.Input(0).Kind, sides[1].All(sizes.ContainsKey) ? [.. sides[1].Select(letter => sizes[letter])] : null);
    }

    private static void Attention(OperatorCall call)
    {
        var (query, key) = (call.Input(0), call.Input(1));
        if (query.Shape is { Length: > 2 } from && key.Shape is { Length: > 2 } to)
        {
            // The scores of every position for every other are made, and thrown away again.
            var heads = from.Length == 4 ? from[1] : Math.Max(1, call.Node.GetInteger("q_num_heads"u8, 1));
            call.Cost.Flops = 4d * query.Elements * to[^2];
            call.Cost.ScratchBytes = query.Kind.BytesOf(ValueFact.Count([from[0], heads, from[^2], to[^2]]));
        }

        call.OutputLike(query);
        call.OutputLike(key);
        call.OutputLike(call.Input(2));
        call.OutputUnknown(query.Kind, 0);
    }

    private static void Convolve(OperatorCall call, int weights, ElementKind kind)
    {
        if (call.Input(0).Shape is not { Length: > 2 } data || call.Input(weights).Shape is not { } kernel || kernel.Length != data.Length)
        {
            call.Output(kind, null);
            return;
        }

        var shape = SlidingWindow.OutputOf(call, data, kernel[2..], kernel[0]);
        call.Cost.Flops = 2d * ValueFact.Count(shape) * ValueFact.Count(kernel.AsSpan(1));
        call.OutputAmplified(kind, shape);
    }

    private static void ConvTranspose(OperatorCall call)
    {
        if (call.Input(0).Shape is not { Length: > 2 } data || call.Input(1).Shape is not { } kernel || kernel.Length != data.Length)
        {
            call.OutputUnbounded(call.Input(0).Kind);
            return;
        }

        call.Cost.Flops = 2d * ValueFact.Count(data) * ValueFact.Count(kernel.AsSpan(1));
        call.OutputAmplified(call.Input(0).Kind, SlidingWindow.TransposedOutputOf(call, data, kernel));
    }

    private static void Pool(OperatorCall call)
    {
        if (call.Input(0).Shape is not { Length: > 2 } data || call.Node.GetIntegers("kernel_shape"u8) is not { } kernel || kernel.Length != data.Length - 2)
        {
            call.Output(call.Input(0).Kind, null);
            return;
        }

        var shape = SlidingWindow.OutputOf(call, data, kernel, data[1]);
        call.Cost.Flops = (double)ValueFact.Count(shape) * ValueFact.Count(kernel);
        call.OutputAmplified(call.Input(0).Kind, shape);
        call.OutputAmplified(ElementKind.Int64, shape);
    }

    private static void DynamicQuantize(OperatorCall call)
    {
        call.OutputLike(call.Input(0), ElementKind.UInt8);
        call.Output(ElementKind.Float, []);
        call.Output(ElementKind.UInt8, []);
    }
}
