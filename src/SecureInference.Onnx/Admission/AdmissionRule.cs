namespace SecureInference.Onnx.Admission;

/// <summary>One thing that a model file may not do.</summary>
/// <param name="Id">Its name in messages and options, such as <c>ONNX-G3</c>.</param>
/// <param name="Title">What is refused.</param>
/// <param name="Remedy">What to do, with the option where one decides.</param>
/// <param name="Weight">Which policies refuse it.</param>
internal sealed record AdmissionRule(string Id, string Title, string Remedy, RuleWeight Weight);
