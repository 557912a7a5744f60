namespace SecureInference.TestSupport.Onnx;

/// <summary>The field numbers of onnx.proto that the builder writes, as message and field.</summary>
internal static class OnnxField
{
    public const int ModelIrVersion = 1;
    public const int ModelProducer = 2;
    public const int ModelGraph = 7;
    public const int ModelOpset = 8;
    public const int ModelFunction = 25;
    public const int OpsetDomain = 1;
    public const int OpsetVersion = 2;

    public const int FunctionName = 1;
    public const int FunctionInput = 4;
    public const int FunctionOutput = 5;
    public const int FunctionNode = 7;
    public const int FunctionOpset = 9;
    public const int FunctionDomain = 10;

    public const int GraphNode = 1;
    public const int GraphName = 2;
    public const int GraphInitializer = 5;
    public const int GraphInput = 11;
    public const int GraphOutput = 12;

    public const int NodeInput = 1;
    public const int NodeOutput = 2;
    public const int NodeOpType = 4;
    public const int NodeAttribute = 5;
    public const int NodeDomain = 7;

    public const int AttributeName = 1;
    public const int AttributeFloat = 2;
    public const int AttributeInt = 3;
    public const int AttributeString = 4;
    public const int AttributeTensor = 5;
    public const int AttributeGraph = 6;
    public const int AttributeFloats = 7;
    public const int AttributeInts = 8;
    public const int AttributeStrings = 9;
    public const int AttributeType = 20;

    public const int ValueName = 1;
    public const int ValueType = 2;
    public const int TypeTensor = 1;
    public const int TypeSequence = 4;
    public const int SequenceElement = 1;
    public const int TensorTypeElement = 1;
    public const int TensorTypeShape = 2;
    public const int ShapeDim = 1;
    public const int DimValue = 1;
    public const int DimParam = 2;

    public const int TensorDims = 1;
    public const int TensorDataType = 2;
    public const int TensorStringData = 6;
    public const int TensorName = 8;
    public const int TensorRawData = 9;
}
