namespace SecureInference.Onnx.Admission.Reading;

/// <summary>The messages of an ONNX file.</summary>
internal enum MessageKind
{
    Model,
    Graph,
    Node,
    Attribute,
    Tensor,
    SparseTensor,
    ValueInfo,
    Type,
    TensorType,
    SequenceType,
    MapType,
    OpaqueType,
    Shape,
    Dimension,
    OperatorSet,
    Function,
    Metadata,
    ExternalEntry,
    Annotation,
    Segment,
    Training,
}
