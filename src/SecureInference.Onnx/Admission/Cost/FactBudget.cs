using SecureInference.Onnx.Admission.Reading;

namespace SecureInference.Onnx.Admission.Cost;

/// <summary>Makes facts, as long as they stay in proportion to the file; after that nothing is known any more.</summary>
internal sealed class FactBudget(long bytes)
{
    private const int BytesOfFact = 96;

    private long _left = bytes;

    public ValueFact Create(ElementKind kind, long[]? shape, long elements, double[]? values, bool isConstant)
    {
        _left -= BytesOfFact + (sizeof(long) * ((shape?.Length ?? 0) + (values?.Length ?? 0)));
        return _left >= 0
            ? new ValueFact { Kind = kind, Shape = shape, Elements = elements, Values = values, IsConstant = isConstant }
            : ValueFact.Unknown;
    }
}
