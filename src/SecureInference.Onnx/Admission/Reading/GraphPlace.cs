namespace SecureInference.Onnx.Admission.Reading;

/// <summary>Where a graph stands in the file, for messages.</summary>
/// <param name="Path">Such as <c>graph</c> or <c>graph / node 3 (If) / then_branch</c>.</param>
/// <param name="Depth">How many graphs are around it.</param>
internal sealed record GraphPlace(string Path, int Depth)
{
    public static GraphPlace Main { get; } = new("graph", 0);
}
