namespace SecureInference.Onnx.Admission.Cost;

/// <summary>The values of one node while it is looked at; used again for the next, so that a million nodes make no million lists.</summary>
internal sealed class CallFrame
{
    public List<ValueFact?> Inputs { get; } = [];

    public List<ValueFact> Outputs { get; } = [];

    public void Clear()
    {
        Inputs.Clear();
        Outputs.Clear();
    }
}
