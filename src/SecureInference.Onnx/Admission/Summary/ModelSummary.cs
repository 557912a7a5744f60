namespace SecureInference.Onnx.Admission.Summary;

/// <summary>What a person wants to know of an ONNX file.</summary>
internal sealed class ModelSummary
{
    public required long FormatVersion { get; init; }

    public required string Producer { get; init; }

    public required IReadOnlyList<SummaryValue> Inputs { get; init; }

    public required IReadOnlyList<SummaryValue> Outputs { get; init; }

    /// <summary>Gets the versions of the operator sets by their domains.</summary>
    public required IReadOnlyDictionary<string, long> OperatorSets { get; init; }

    /// <summary>Gets how often each operator is used, in all graphs and functions.</summary>
    public required IReadOnlyDictionary<string, int> Operators { get; init; }

    public required int Nodes { get; init; }

    public required int Functions { get; init; }

    /// <summary>Gets the elements of all initializers and constants.</summary>
    public required long Parameters { get; init; }

    /// <summary>Gets the bytes that they take in memory.</summary>
    public required long ParameterBytes { get; init; }
}
