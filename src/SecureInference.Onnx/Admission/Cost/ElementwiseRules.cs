using SecureInference.Onnx.Admission.Reading;

namespace SecureInference.Onnx.Admission.Cost;

/// <summary>Operators whose outputs are as large as their inputs, broadcast.</summary>
internal static class ElementwiseRules
{
    private static readonly string[] Unary =
    [
        "Abs", "Acos", "Acosh", "Asin", "Asinh", "Atan", "Atanh", "BitwiseNot", "Ceil", "Celu", "Clip", "Cos", "Cosh", "Elu", "Erf", "Exp", "Floor", "Gelu", "HardSigmoid", "HardSwish", "LeakyRelu",
        "Log", "Mish", "Neg", "Not", "Reciprocal", "Relu", "Round", "Selu", "Shrink", "Sigmoid", "Sign", "Sin", "Sinh", "Softplus", "Softsign", "Sqrt", "Swish", "Tan", "Tanh", "ThresholdedRelu",
        "Softmax", "LogSoftmax", "Hardmax", "LRN", "LpNormalization", "MeanVarianceNormalization", "InstanceNormalization", "GroupNormalization", "RMSNormalization", "RotaryEmbedding",
        "CumSum", "CumProd", "Trilu", "ReverseSequence", "Scatter", "ScatterElements", "ScatterND", "TensorScatter", "Bernoulli", "Optional", "OptionalGetElement", "Binarizer", "Scaler", "Normalizer", "Imputer",
    ];

    private static readonly string[] Binary =
        ["Add", "Sub", "Mul", "Div", "Mod", "Pow", "Max", "Min", "Mean", "Sum", "PRelu", "BitShift", "BitwiseAnd", "BitwiseOr", "BitwiseXor"];

    private static readonly string[] Comparisons = ["And", "Or", "Xor", "Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual"];

    public static Dictionary<string, Action<OperatorCall>> Create()
    {
        var rules = new Dictionary<string, Action<OperatorCall>>(StringComparer.Ordinal)
        {
            ["Identity"] = static call => call.OutputLike(call.Input(0), values: call.Input(0).Values),
            ["Cast"] = static call => Cast(call, (ElementKind)Math.Clamp(call.Node.GetInteger("to"u8, 1), 0, 64)),
            ["CastLike"] = static call => Cast(call, call.Input(1).Kind),
            ["Where"] = Where,
            ["IsNaN"] = static call => call.OutputLike(call.Input(0), ElementKind.Bool),
            ["IsInf"] = static call => call.OutputLike(call.Input(0), ElementKind.Bool),
            ["RegexFullMatch"] = static call => call.OutputLike(call.Input(0), ElementKind.Bool),
            ["StringNormalizer"] = static call => call.OutputLike(call.Input(0)),
            ["StringConcat"] = static call => Broadcast(call, ElementKind.String, null),
            ["LabelEncoder"] = Encode,
            ["QuantizeLinear"] = static call => call.OutputLike(call.Input(0), call.Has(2) ? call.Input(2).Kind : ElementKind.UInt8),
            ["DequantizeLinear"] = static call => call.OutputLike(call.Input(0), call.Input(1).Kind),
        };
        Array.ForEach(Unary, name => rules[name] = static call => call.OutputLike(call.Input(0), values: KnownValues.Unary(call.Node.OperatorType, call.Input(0))));
        Array.ForEach(Binary, name => rules[name] = static call => Broadcast(call, call.Input(0).Kind, KnownValues.Binary(call.Node.OperatorType, call.Input(0), call.Input(1))));
        Array.ForEach(Comparisons, name => rules[name] = static call => Broadcast(call, ElementKind.Bool, KnownValues.Binary(call.Node.OperatorType, call.Input(0), call.Input(1))));
        foreach (var (name, outputs) in new[] { ("BatchNormalization", 5), ("LayerNormalization", 3), ("Dropout", 2) })
        {
            rules[name] = call => Normalize(call, outputs);
        }

        return rules;
    }

    /// <summary>Sets the next output to the shape that all inputs broadcast to.</summary>
    private static void Broadcast(OperatorCall call, ElementKind kind, double[]? values)
    {
        var shape = call.Input(0).Shape;
        for (var index = 1; index < call.InputCount && shape is not null; index++)
        {
            shape = Broadcast(shape, call.Input(index).Shape);
        }

        if (shape is not null && ReferenceEquals(shape, call.Input(0).Shape))
        {
            call.OutputLike(call.Input(0), kind, values);
        }
        else
        {
            call.Output(kind, shape, values);
        }
    }

    internal static long[]? Broadcast(long[]? left, long[]? right)
    {
        if (left is null || right is null)
        {
            return null;
        }

        var (longer, shorter) = left.Length >= right.Length ? (left, right) : (right, left);
        long[]? result = null;
        for (var index = 1; index <= shorter.Length; index++)
        {
            // Dimensions stand for their largest values, so where they differ, the larger is right or the model fails when it runs.
            if (shorter[^index] > longer[^index] || (shorter[^index] == 0 && longer[^index] != 0))
            {
                result ??= [.. longer];
                result[^index] = shorter[^index];
            }
        }

        return result ?? longer;
    }

    private static void Cast(OperatorCall call, ElementKind kind)
    {
        var values = call.Input(0).Values;
        call.OutputLike(call.Input(0), kind, values is not null && kind.IsInteger() ? Array.ConvertAll(values, Math.Truncate) : values);
    }

    private static void Where(OperatorCall call)
    {
        double[]? values = null;
        if (call.Input(0).Values is { } condition && call.Input(1).Values is { } yes && call.Input(2).Values is { } no)
        {
            var length = Math.Max(condition.Length, Math.Max(yes.Length, no.Length));
            values = Array.TrueForAll([condition, yes, no], list => list.Length == length || list.Length == 1)
                ? [.. Enumerable.Range(0, length).Select(index => At(condition, index) != 0 ? At(yes, index) : At(no, index))]
                : null;
        }

        call.Output(call.Input(1).Kind, Broadcast(Broadcast(call.Input(0).Shape, call.Input(1).Shape), call.Input(2).Shape), values);
    }

    private static double At(double[] values, int index) => values[values.Length == 1 ? 0 : index];

    private static void Encode(OperatorCall call)
    {
        var isText = call.Node.TryGetAttribute("values_strings"u8, out _) || (call.Input(0).Kind == ElementKind.Int64 && call.Node.TryGetAttribute("classes_strings"u8, out _));
        call.OutputLike(call.Input(0), isText ? ElementKind.String : call.Node.TryGetAttribute("values_floats"u8, out _) ? ElementKind.Float : ElementKind.Int64);
    }

    // What comes beside the first output is never larger.
    private static void Normalize(OperatorCall call, int outputs)
    {
        call.Cost.Flops = 8d * call.Input(0).Elements;
        for (var index = 0; index < outputs; index++)
        {
            call.OutputLike(call.Input(0));
        }
    }
}
