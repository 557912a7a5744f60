namespace SecureInference.Pipeline.Auditing;

/// <summary>What a record says of a tensor: all but its elements.</summary>
/// <param name="Name">The tensor's name.</param>
/// <param name="DataType">The element type.</param>
/// <param name="Shape">The dimensions.</param>
/// <param name="Bytes">The size of the elements in the protocol's binary form.</param>
public sealed record AuditTensor(string Name, TensorDataType DataType, IReadOnlyList<long> Shape, long Bytes);
