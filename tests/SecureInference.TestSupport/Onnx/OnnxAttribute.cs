using System.Diagnostics.CodeAnalysis;

namespace SecureInference.TestSupport.Onnx;

/// <summary>A named setting of a node; graphs are the bodies of Loop, If and Scan.</summary>
[SuppressMessage("Naming", "CA1720", Justification = "The names are those of the ONNX specification.")]
public sealed class OnnxAttribute
{
    private OnnxAttribute(string name, Kind kind) =>
        Content = new ProtobufWriter()
            .Text(OnnxField.AttributeName, name)
            .Integer(OnnxField.AttributeType, (long)kind);

    // The numbers of AttributeProto.AttributeType.
    private enum Kind
    {
        Float = 1,
        Int = 2,
        String = 3,
        Tensor = 4,
        Graph = 5,
        Floats = 6,
        Ints = 7,
        Strings = 8,
    }

    internal ProtobufWriter Content { get; }

    public static OnnxAttribute Float(string name, float value)
    {
        var attribute = new OnnxAttribute(name, Kind.Float);
        attribute.Content.Float(OnnxField.AttributeFloat, value);
        return attribute;
    }

    public static OnnxAttribute Floats(string name, params float[] values)
    {
        var attribute = new OnnxAttribute(name, Kind.Floats);
        attribute.Content.Floats(OnnxField.AttributeFloats, values);
        return attribute;
    }

    public static OnnxAttribute Int(string name, long value)
    {
        var attribute = new OnnxAttribute(name, Kind.Int);
        attribute.Content.Integer(OnnxField.AttributeInt, value);
        return attribute;
    }

    public static OnnxAttribute Ints(string name, params long[] values)
    {
        var attribute = new OnnxAttribute(name, Kind.Ints);
        attribute.Content.Integers(OnnxField.AttributeInts, values);
        return attribute;
    }

    public static OnnxAttribute String(string name, string value)
    {
        var attribute = new OnnxAttribute(name, Kind.String);
        attribute.Content.Text(OnnxField.AttributeString, value);
        return attribute;
    }

    public static OnnxAttribute Strings(string name, params string[] values)
    {
        var attribute = new OnnxAttribute(name, Kind.Strings);
        attribute.Content.Texts(OnnxField.AttributeStrings, values);
        return attribute;
    }

    public static OnnxAttribute Tensor(string name, OnnxTensor value)
    {
        var attribute = new OnnxAttribute(name, Kind.Tensor);
        attribute.Content.Message(OnnxField.AttributeTensor, value.Write(name));
        return attribute;
    }

    public static OnnxAttribute Graph(string name, OnnxModelBuilder body)
    {
        var attribute = new OnnxAttribute(name, Kind.Graph);
        attribute.Content.Message(OnnxField.AttributeGraph, body.Graph);
        return attribute;
    }
}
