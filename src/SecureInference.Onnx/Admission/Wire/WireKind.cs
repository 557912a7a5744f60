namespace SecureInference.Onnx.Admission.Wire;

/// <summary>How a field is written, under the numbers of protobuf; groups are not among them.</summary>
internal enum WireKind
{
    Varint = 0,
    Fixed64 = 1,
    Bytes = 2,
    Fixed32 = 5,
}
