using SecureInference.Onnx.Admission.Reading;

namespace SecureInference.Onnx.Admission.Cost;

/// <summary>Arithmetic on the small tensors of which exporters compute shapes.</summary>
internal static class KnownValues
{
    /// <summary>More elements than these are data, not a shape.</summary>
    public const int Most = 64;

    public static double[]? Binary(ReadOnlySpan<byte> operatorType, ValueFact left, ValueFact right)
    {
        if (left.Values is not { } first || right.Values is not { } second || (first.Length != second.Length && first.Length != 1 && second.Length != 1)
            || FunctionOf(operatorType) is not { } function)
        {
            return null;
        }

        var result = new double[first.Length == 0 || second.Length == 0 ? 0 : Math.Max(first.Length, second.Length)];
        for (var index = 0; index < result.Length; index++)
        {
            var (one, other) = (first[first.Length == 1 ? 0 : index], second[second.Length == 1 ? 0 : index]);
            result[index] = function(one, other);
            if (left.Kind.IsInteger() && operatorType.SequenceEqual("Div"u8))
            {
                result[index] = Math.Truncate(result[index]);
            }
        }

        return Sound(result);
    }

    public static double[]? Unary(ReadOnlySpan<byte> operatorType, ValueFact input) => input.Values is null ? null : Unary(operatorType, input.Values);

    /// <summary>Returns values as dimensions, where they can be.</summary>
    public static long[]? ToShape(double[]? values, int most) =>
        values is null || values.Length > most ? null : Array.ConvertAll(values, static value => (long)value);

    private static double[]? Unary(ReadOnlySpan<byte> operatorType, double[] values)
    {
        Func<double, double>? function =
            operatorType.SequenceEqual("Neg"u8) ? static value => -value
            : operatorType.SequenceEqual("Floor"u8) ? Math.Floor
            : operatorType.SequenceEqual("Ceil"u8) ? Math.Ceiling
            : operatorType.SequenceEqual("Round"u8) ? static value => Math.Round(value)
            : operatorType.SequenceEqual("Sqrt"u8) ? Math.Sqrt
            : operatorType.SequenceEqual("Abs"u8) ? Math.Abs
            : operatorType.SequenceEqual("Not"u8) ? static value => value == 0 ? 1 : 0
            : null;
        return function is null ? null : Sound(Array.ConvertAll(values, value => function(value)));
    }

    private static double[]? Sound(double[] values) => Array.Exists(values, static value => !double.IsFinite(value)) ? null : values;

    private static Func<double, double, double>? FunctionOf(ReadOnlySpan<byte> operatorType) =>
        operatorType.SequenceEqual("Add"u8) ? static (one, other) => one + other
        : operatorType.SequenceEqual("Sub"u8) ? static (one, other) => one - other
        : operatorType.SequenceEqual("Mul"u8) ? static (one, other) => one * other
        : operatorType.SequenceEqual("Div"u8) ? static (one, other) => one / other
        : operatorType.SequenceEqual("Mod"u8) ? static (one, other) => other == 0 ? 0 : one - (other * Math.Floor(one / other))
        : operatorType.SequenceEqual("Max"u8) ? Math.Max
        : operatorType.SequenceEqual("Min"u8) ? Math.Min
        : operatorType.SequenceEqual("Equal"u8) ? static (one, other) => one == other ? 1 : 0
        : operatorType.SequenceEqual("Greater"u8) ? static (one, other) => one > other ? 1 : 0
        : operatorType.SequenceEqual("Less"u8) ? static (one, other) => one < other ? 1 : 0
        : operatorType.SequenceEqual("And"u8) ? static (one, other) => one != 0 && other != 0 ? 1 : 0
        : operatorType.SequenceEqual("Or"u8) ? static (one, other) => one != 0 || other != 0 ? 1 : 0
        : null;
}
