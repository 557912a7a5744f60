using SecureInference.Onnx.Admission.Reading;

namespace SecureInference.Onnx.Admission.Cost;

/// <summary>What is known of a value in the largest run. Shared by all values of which the same is known.</summary>
internal sealed class ValueFact
{
    /// <summary>Gets what nothing is known of.</summary>
    public static readonly ValueFact Unknown = new() { Elements = 0 };

    public ElementKind Kind { get; init; } = ElementKind.Float;

    /// <summary>Gets the dimensions at their largest, or <see langword="null"/> where they are not known.</summary>
    public long[]? Shape { get; init; }

    /// <summary>Gets the most elements.</summary>
    public required long Elements { get; init; }

    /// <summary>Gets the values of a small tensor that follow from shapes and constants.</summary>
    public double[]? Values { get; init; }

    /// <summary>Gets whether it follows from constants alone, so that it is computed while the model loads.</summary>
    public bool IsConstant { get; init; }

    public long Bytes => Kind.BytesOf(Elements);

    public static long Count(ReadOnlySpan<long> shape)
    {
        var elements = (UInt128)1;
        foreach (var dimension in shape)
        {
            elements = UInt128.Min(elements * (ulong)Math.Max(dimension, 0), long.MaxValue);
        }

        return (long)elements;
    }
}
