namespace SecureInference.Onnx.Admission.Checks;

/// <summary>What a tensor is there for.</summary>
internal enum TensorRole
{
    Initializer,
    Attribute,
    SparseValues,
    SparseIndices,
}
