namespace SecureInference.Onnx.Admission.Reading;

/// <summary>How many there are of what a file has many of, counted, not declared.</summary>
internal sealed class StructureCounts
{
    public int Nodes { get; set; }

    public int Values { get; set; }

    public int Initializers { get; set; }

    public int Functions { get; set; }

    public int OperatorSets { get; set; }

    public long TextBytes { get; set; }

    public long StringTensorBytes { get; set; }
}
