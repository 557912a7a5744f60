using SecureInference.Onnx.Admission.Reading;
using SecureInference.Onnx.Admission.Wire;

namespace SecureInference.Onnx.Admission.Cost;

/// <summary>Operators of <c>ai.onnx.ml</c>, and those on text.</summary>
internal static class MachineLearningRules
{
    public static Dictionary<string, Action<OperatorCall>> Create() => new(StringComparer.Ordinal)
    {
        ["TreeEnsembleClassifier"] = static call => Classify(call, 64),
        ["TreeEnsembleRegressor"] = static call => Regress(call, call.Node.GetInteger("n_targets"u8, 1), 64),
        ["TreeEnsemble"] = static call => Regress(call, call.Node.GetInteger("n_targets"u8, 1), 64),
        ["SVMClassifier"] = static call => Classify(call, 256),
        ["LinearClassifier"] = static call => Classify(call, 2),
        ["SVMRegressor"] = static call => Regress(call, 1, 256),
        ["LinearRegressor"] = static call => Regress(call, call.Node.GetInteger("targets"u8, 1), 2),
        ["OneHotEncoder"] = static call => call.OutputAmplified(ElementKind.Float, call.Input(0).Shape is { } shape ? [.. shape, Math.Max(1, Math.Max(Count(call, "cats_int64s"u8), Count(call, "cats_strings"u8)))] : null),
        ["TfIdfVectorizer"] = CountGrams,
        ["ZipMap"] = static call => call.OutputUnknown(call.Input(0).Kind, call.Input(0).Elements),
        ["CastMap"] = static call => call.Output(ElementKind.Float, [1, Math.Max(1, call.Node.GetInteger("max_map"u8, 1))]),
        ["FeatureVectorizer"] = static call => call.Output(ElementKind.Float, call.Input(0).Shape is [var rows, ..] ? [rows, Sum(call.Node.GetIntegers("inputdimensions"u8, 4_096))] : null),
    };

    private static void Classify(OperatorCall call, int work)
    {
        var classes = Math.Max(2, Math.Max(Count(call, "classlabels_int64s"u8), Math.Max(Count(call, "classlabels_strings"u8), Count(call, "classlabels_ints"u8))));
        var rows = RowsOf(call);
        call.Cost.Flops = (double)work * rows * call.Node.Message.Length / 64;
        call.Output(call.Node.TryGetAttribute("classlabels_strings"u8, out _) ? ElementKind.String : ElementKind.Int64, [rows]);
        call.Output(ElementKind.Float, [rows, classes]);
    }

    private static void Regress(OperatorCall call, long targets, int work)
    {
        var rows = RowsOf(call);
        call.Cost.Flops = (double)work * rows * call.Node.Message.Length / 64;
        call.OutputAmplified(ElementKind.Float, [rows, Math.Max(1, targets)]);
    }

    private static void CountGrams(OperatorCall call)
    {
        var columns = 0L;
        if (call.Node.TryGetAttribute("ngram_indexes"u8, out var indexes))
        {
            foreach (var index in new NumberSequence(call.Node.File, indexes, 8))
            {
                columns = Math.Max(columns, index < long.MaxValue ? index + 1 : index);
            }
        }

        call.OutputAmplified(ElementKind.Float, call.Input(0).Shape is { Length: > 0 } shape ? [.. shape[..^1], columns] : null);
    }

    private static long RowsOf(OperatorCall call) => call.Input(0).Shape is [var rows, _] ? rows : 1;

    private static long Sum(long[]? values) => values is null ? 0 : (long)Math.Min(values.Sum(static value => (double)Math.Max(0, value)), long.MaxValue / 2);

    private static int Count(OperatorCall call, ReadOnlySpan<byte> name) => call.Node.TryGetAttribute(name, out var attribute)
        ? Math.Max(new NumberSequence(call.Node.File, attribute, 8).Count(), new FieldSequence(call.Node.File, attribute, 9).Count())
        : 0;
}
