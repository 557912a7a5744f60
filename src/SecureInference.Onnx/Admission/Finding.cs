namespace SecureInference.Onnx.Admission;

/// <summary>One place of a file that breaks a rule.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="IsRefusal">Whether the file is refused because of it.</param>
/// <param name="Place">Where: the path of graphs, the node or the tensor.</param>
/// <param name="What">What is there, with the limit.</param>
internal sealed record Finding(AdmissionRule Rule, bool IsRefusal, string Place, string What)
{
    public override string ToString() => $"{Rule.Id}, {Place}: {What}. {Rule.Remedy}.";
}
