namespace SecureInference.Protocol;

/// <summary>One infer request as it was read: what to run, and in which form to answer.</summary>
internal sealed class InferCall(InferenceRequest request, string? id, IReadOnlyList<bool> binaryOutputs) : IDisposable
{
    public InferenceRequest Request { get; } = request;

    public string? Id { get; set; } = id;

    /// <summary>Says in which form the answer's output travels; outputs come in the order of the request, or of the model.</summary>
    public bool IsBinary(int output) => binaryOutputs[output];

    public void Dispose() => Request.Dispose();
}
