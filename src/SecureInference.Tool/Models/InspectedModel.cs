using SecureInference.Onnx.Admission.Summary;

namespace SecureInference.Tool.Models;

/// <summary>What <c>model inspect --json</c> prints; names and shapes are a contract.</summary>
/// <param name="Bytes">The bytes of the file.</param>
/// <param name="Sha256">Its digest, lower-case hexadecimal.</param>
/// <param name="FormatVersion">The version of the format.</param>
/// <param name="Producer">What made the file.</param>
/// <param name="Inputs">Its inputs.</param>
/// <param name="Outputs">Its outputs.</param>
/// <param name="OperatorSets">The versions of the operator sets by their domains.</param>
/// <param name="Operators">How often each operator is used.</param>
/// <param name="Nodes">The nodes of all graphs.</param>
/// <param name="Functions">The functions that the model defines.</param>
/// <param name="Parameters">The elements of its initializers and constants.</param>
/// <param name="ParameterBytes">The bytes that these take in memory.</param>
/// <param name="RunRows">The rows that the estimate of a run is for.</param>
/// <param name="RunBytes">The bytes of intermediate tensors that such a run is estimated to take, where it can be estimated.</param>
/// <param name="RunFlops">The operations that it is estimated to take.</param>
internal sealed record InspectedModel(
    long Bytes,
    string Sha256,
    long FormatVersion,
    string Producer,
    IReadOnlyList<SummaryValue> Inputs,
    IReadOnlyList<SummaryValue> Outputs,
    IReadOnlyDictionary<string, long> OperatorSets,
    IReadOnlyDictionary<string, int> Operators,
    int Nodes,
    int Functions,
    long Parameters,
    long ParameterBytes,
    int? RunRows,
    long? RunBytes,
    double? RunFlops);
