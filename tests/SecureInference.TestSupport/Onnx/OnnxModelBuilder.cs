namespace SecureInference.TestSupport.Onnx;

/// <summary>Builds the bytes of an ONNX file, or a graph to pass to <see cref="OnnxAttribute.Graph"/>.</summary>
public sealed class OnnxModelBuilder
{
    private const int IrVersion = 8;

    private readonly int _opset;

    public OnnxModelBuilder(string name = "model", int opset = 17)
    {
        _opset = opset;
        Graph.Text(OnnxField.GraphName, name);
    }

    // Protobuf lets fields come in any order, so every call below writes its part at once.
    internal ProtobufWriter Graph { get; } = new();

    public OnnxModelBuilder Input(string name, OnnxType type, params OnnxDim[] dims)
    {
        Graph.Message(OnnxField.GraphInput, Value(name, TensorType(type, dims)));
        return this;
    }

    public OnnxModelBuilder Output(string name, OnnxType type, params OnnxDim[] dims)
    {
        Graph.Message(OnnxField.GraphOutput, Value(name, TensorType(type, dims)));
        return this;
    }

    /// <summary>Declares an output that is a sequence of tensors.</summary>
    public OnnxModelBuilder SequenceOutput(string name, OnnxType type, params OnnxDim[] dims)
    {
        var sequence = new ProtobufWriter().Message(OnnxField.SequenceElement, TensorType(type, dims));
        Graph.Message(
            OnnxField.GraphOutput,
            Value(name, new ProtobufWriter().Message(OnnxField.TypeSequence, sequence)));
        return this;
    }

    /// <summary>Adds a node; an empty name among <paramref name="inputs"/> leaves out an optional input.</summary>
    public OnnxModelBuilder Node(
        string opType,
        string[] inputs,
        string[] outputs,
        params OnnxAttribute[] attributes)
    {
        var node = new ProtobufWriter()
            .Texts(OnnxField.NodeInput, inputs)
            .Texts(OnnxField.NodeOutput, outputs)
            .Text(OnnxField.NodeOpType, opType);

        foreach (var attribute in attributes)
        {
            node.Message(OnnxField.NodeAttribute, attribute.Content);
        }

        Graph.Message(OnnxField.GraphNode, node);
        return this;
    }

    public OnnxModelBuilder Initializer<T>(string name, T[] data, params long[] dims)
        where T : unmanaged => Initializer(name, OnnxTensor.Of(data, dims));

    public OnnxModelBuilder Initializer(string name, string[] data, params long[] dims) =>
        Initializer(name, OnnxTensor.Of(data, dims));

    public OnnxModelBuilder Initializer(string name, OnnxTensor tensor)
    {
        Graph.Message(OnnxField.GraphInitializer, tensor.Write(name));
        return this;
    }

    public byte[] Build() =>
        new ProtobufWriter()
            .Integer(OnnxField.ModelIrVersion, IrVersion)
            .Text(OnnxField.ModelProducer, "SecureInference.TestSupport")
            .Message(OnnxField.ModelOpset, new ProtobufWriter().Integer(OnnxField.OpsetVersion, _opset))
            .Message(OnnxField.ModelGraph, Graph)
            .Written.ToArray();

    private static ProtobufWriter Value(string name, ProtobufWriter type) =>
        new ProtobufWriter().Text(OnnxField.ValueName, name).Message(OnnxField.ValueType, type);

    private static ProtobufWriter TensorType(OnnxType type, OnnxDim[] dims)
    {
        var shape = new ProtobufWriter();

        foreach (var dim in dims)
        {
            shape.Message(OnnxField.ShapeDim, dim.Write());
        }

        // A shape without dimensions is written too: it says scalar, where no shape would say unknown rank.
        var tensor = new ProtobufWriter()
            .Integer(OnnxField.TensorTypeElement, (long)type)
            .Message(OnnxField.TensorTypeShape, shape);
        return new ProtobufWriter().Message(OnnxField.TypeTensor, tensor);
    }
}
