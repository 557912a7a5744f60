using SecureInference.Onnx.Admission.Reading;

namespace SecureInference.Onnx.Admission.Cost;

/// <summary>Operators whose outputs are as large as their settings and values say: the bombs among them are made of these.</summary>
internal static class GeneratorRules
{
    private const int MostRank = 64;

    public static Dictionary<string, Action<OperatorCall>> Create() => new(StringComparer.Ordinal)
    {
        ["Constant"] = Constant,
        ["ConstantOfShape"] = ConstantOfShape,
        ["Range"] = Range,
        ["EyeLike"] = static call => call.OutputAmplified((ElementKind)Math.Clamp(call.Node.GetInteger("dtype"u8, (long)call.Input(0).Kind), 0, 64), call.Input(0).Shape),
        ["RandomNormal"] = Random,
        ["RandomUniform"] = Random,
        ["RandomNormalLike"] = static call => call.OutputLike(call.Input(0), ElementKind.Float),
        ["RandomUniformLike"] = static call => call.OutputLike(call.Input(0), ElementKind.Float),
        ["Multinomial"] = static call => call.OutputAmplified(ElementKind.Int32, call.Input(0).Shape is [var rows, _] ? [rows, Math.Max(0, call.Node.GetInteger("sample_size"u8, 1))] : null),
        ["HannWindow"] = Window,
        ["HammingWindow"] = Window,
        ["BlackmanWindow"] = Window,
        ["MelWeightMatrix"] = static call => call.OutputAmplified(ElementKind.Float, call.Input(0).Values is [var bins] && call.Input(1).Values is [var length] ? [(long)Math.Abs(length / 2) + 1, (long)Math.Abs(bins)] : null),
        ["StringSplit"] = static call => call.OutputUnbounded(ElementKind.String),
        ["STFT"] = ShortTransform,
        ["DFT"] = Transform,
        ["AffineGrid"] = static call => call.OutputAmplified(call.Input(0).Kind, KnownValues.ToShape(call.Input(1).Values, MostRank) is { Length: > 2 } size ? [size[0], .. size[2..], size.Length - 2] : null),
        ["SplitToSequence"] = static call => call.OutputUnknown(call.Input(0).Kind, call.Input(0).Elements),
    };

    private static void Constant(OperatorCall call)
    {
        var node = call.Node;
        if (node.TryGetTensor("value"u8, out var tensor))
        {
            call.Output(tensor.ElementKind, tensor.GetShape(MostRank), tensor.GetValues(KnownValues.Most));
        }
        else if (node.TryGetAttribute("value_int"u8, out _))
        {
            call.Output(ElementKind.Int64, [], [node.GetInteger("value_int"u8, 0)]);
        }
        else if (node.GetIntegers("value_ints"u8, KnownValues.Most) is { } integers)
        {
            call.Output(ElementKind.Int64, [integers.Length], Array.ConvertAll(integers, static value => (double)value));
        }
        else
        {
            // A number, or lists of numbers and strings: as large as what the file holds of them.
            call.OutputUnknown(ElementKind.Float, node.Message.Length / sizeof(float));
        }
    }

    private static void ConstantOfShape(OperatorCall call)
    {
        var (kind, value) = call.Node.TryGetTensor("value"u8, out var tensor) ? (tensor.ElementKind, tensor.GetValues(1)) : (ElementKind.Float, [0]);
        var shape = KnownValues.ToShape(call.Input(0).Values, MostRank);
        var elements = shape is null ? long.MaxValue : ValueFact.Count(shape);
        call.OutputAmplified(kind, shape, elements <= KnownValues.Most && value is [var one] ? [.. Enumerable.Repeat(one, (int)elements)] : null);
    }

    private static void Range(OperatorCall call)
    {
        if (call.Input(0).Values is not [var start] || call.Input(1).Values is not [var end] || call.Input(2).Values is not [var step] || step == 0)
        {
            call.OutputUnbounded(call.Input(0).Kind);
            return;
        }

        var count = (long)Math.Max(0, Math.Ceiling((end - start) / step));
        call.OutputAmplified(call.Input(0).Kind, [count], count <= KnownValues.Most ? [.. Enumerable.Range(0, (int)count).Select(index => start + (index * step))] : null);
    }

    private static void Random(OperatorCall call)
    {
        var shape = call.Node.GetIntegers("shape"u8);
        call.OutputAmplified((ElementKind)Math.Clamp(call.Node.GetInteger("dtype"u8, 1), 0, 64), shape);
    }

    private static void Window(OperatorCall call) =>
        call.OutputAmplified((ElementKind)Math.Clamp(call.Node.GetInteger("output_datatype"u8, 1), 0, 64), call.Input(0).Values is [var size] ? [(long)Math.Max(0, size)] : null);

    private static void Transform(OperatorCall call)
    {
        var input = call.Input(0);
        var shape = (long[]?)input.Shape?.Clone();
        if (shape is null || call.Has(1))
        {
            // A length of its own may be longer than the signal.
            call.OutputUnbounded(input.Kind);
            return;
        }

        shape[^1] = 2;
        call.Cost.Flops = 64d * input.Elements;
        call.OutputAmplified(input.Kind, shape);
    }

    private static void ShortTransform(OperatorCall call)
    {
        var window = call.Has(2) ? call.Input(2).Elements : call.Input(3).Values is [var length] ? (long)length : 0;
        var isKnown = call.Input(0).Shape is { Length: > 1 } && call.Input(1).Values is [> 0] && window > 0;
        if (!isKnown)
        {
            call.OutputUnbounded(call.Input(0).Kind);
            return;
        }

        var shape = call.Input(0).Shape!;
        var frames = (long)(shape[1] / call.Input(1).Values![0]) + 1;
        call.Cost.Flops = 64d * shape[0] * frames * window;
        call.OutputAmplified(call.Input(0).Kind, [shape[0], frames, window, 2]);
    }
}
