namespace SecureInference.Onnx.Admission.Summary;

/// <summary>An input or output of a model.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">The type of its elements, or what else it is.</param>
/// <param name="Shape">Its dimensions: sizes, names, or <c>?</c>.</param>
internal sealed record SummaryValue(string Name, string Type, IReadOnlyList<string> Shape);
