namespace SecureInference.Onnx.Admission.Reading;

/// <summary>What the format says of one field.</summary>
/// <param name="Name">Its name in <c>onnx.proto</c>.</param>
/// <param name="Content">What it holds.</param>
/// <param name="IsRepeated">Whether it may stand several times.</param>
/// <param name="Child">The message that it holds, where it holds one.</param>
/// <param name="IsChoice">Whether it excludes the message's other choices.</param>
internal sealed record FieldRule(string Name, FieldContent Content, bool IsRepeated, MessageKind Child, bool IsChoice);
