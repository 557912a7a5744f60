namespace SecureInference.Tool.Models;

/// <summary>One finding of a scan.</summary>
/// <param name="Rule">The rule, such as <c>ONNX-G3</c>.</param>
/// <param name="Refused">Whether the file is refused because of it.</param>
/// <param name="Place">Where.</param>
/// <param name="What">What is there.</param>
/// <param name="Remedy">What to do.</param>
internal sealed record ScannedFinding(string Rule, bool Refused, string Place, string What, string Remedy);
