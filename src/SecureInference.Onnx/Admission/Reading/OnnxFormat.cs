using static SecureInference.Onnx.Admission.Reading.FieldContent;

namespace SecureInference.Onnx.Admission.Reading;

/// <summary>The format of an ONNX file, as <c>onnx.proto</c> has it: what is not here is not known.</summary>
internal static class OnnxFormat
{
    private const int HighestField = 26;

    private static readonly FieldRule?[][] Rules = Build();

    /// <summary>Returns what is known of a field, or <see langword="null"/>.</summary>
    public static FieldRule? Find(MessageKind message, int field) => field <= HighestField ? Rules[(int)message][field] : null;

    private static FieldRule?[][] Build()
    {
        var rules = Enum.GetValues<MessageKind>().Select(static _ => new FieldRule?[HighestField + 1]).ToArray();
        AddGraphs(rules);
        AddNodes(rules);
        AddTensors(rules);
        AddTypes(rules);
        return rules;
    }

    private static void AddGraphs(FieldRule?[][] rules)
    {
        One(rules, MessageKind.Model, (1, "ir_version", Varint), (2, "producer_name", Name), (3, "producer_version", Name), (4, "domain", Name), (5, "model_version", Varint), (6, "doc_string", Text));
        Messages(rules, MessageKind.Model, (8, "opset_import", MessageKind.OperatorSet), (14, "metadata_props", MessageKind.Metadata), (20, "training_info", MessageKind.Training), (25, "functions", MessageKind.Function));
        Message(rules, MessageKind.Model, 7, "graph", MessageKind.Graph);
        One(rules, MessageKind.OperatorSet, (1, "domain", Name), (2, "version", Varint));
        One(rules, MessageKind.Metadata, (1, "key", Name), (2, "value", Text));
        One(rules, MessageKind.Graph, (2, "name", Name), (10, "doc_string", Text));
        Messages(rules, MessageKind.Graph, (1, "node", MessageKind.Node), (5, "initializer", MessageKind.Tensor), (11, "input", MessageKind.ValueInfo), (12, "output", MessageKind.ValueInfo), (13, "value_info", MessageKind.ValueInfo));
        Messages(rules, MessageKind.Graph, (14, "quantization_annotation", MessageKind.Annotation), (15, "sparse_initializer", MessageKind.SparseTensor), (16, "metadata_props", MessageKind.Metadata));
        One(rules, MessageKind.Annotation, (1, "tensor_name", Name));
        Messages(rules, MessageKind.Annotation, (2, "quant_parameter_tensor_names", MessageKind.ExternalEntry));
        One(rules, MessageKind.ValueInfo, (1, "name", Name), (3, "doc_string", Text));
        Message(rules, MessageKind.ValueInfo, 2, "type", MessageKind.Type);
        Messages(rules, MessageKind.ValueInfo, (4, "metadata_props", MessageKind.Metadata));
        Message(rules, MessageKind.Training, 1, "initialization", MessageKind.Graph);
        Message(rules, MessageKind.Training, 2, "algorithm", MessageKind.Graph);
        Messages(rules, MessageKind.Training, (3, "initialization_binding", MessageKind.ExternalEntry), (4, "update_binding", MessageKind.ExternalEntry));
    }

    private static void AddNodes(FieldRule?[][] rules)
    {
        Many(rules, MessageKind.Node, (1, "input", Name), (2, "output", Name));
        One(rules, MessageKind.Node, (3, "name", Name), (4, "op_type", Name), (6, "doc_string", Text), (7, "domain", Name), (8, "overload", Name));
        Messages(rules, MessageKind.Node, (5, "attribute", MessageKind.Attribute), (9, "metadata_props", MessageKind.Metadata));
        One(rules, MessageKind.Attribute, (1, "name", Name), (2, "f", Fixed32), (3, "i", Varint), (4, "s", Value), (13, "doc_string", Text), (20, "type", Varint), (21, "ref_attr_name", Name));
        Message(rules, MessageKind.Attribute, 5, "t", MessageKind.Tensor);
        Message(rules, MessageKind.Attribute, 6, "g", MessageKind.Graph);
        Message(rules, MessageKind.Attribute, 14, "tp", MessageKind.Type);
        Message(rules, MessageKind.Attribute, 22, "sparse_tensor", MessageKind.SparseTensor);
        Many(rules, MessageKind.Attribute, (7, "floats", Fixed32), (8, "ints", Varint), (9, "strings", Value));
        Messages(rules, MessageKind.Attribute, (10, "tensors", MessageKind.Tensor), (11, "graphs", MessageKind.Graph), (15, "type_protos", MessageKind.Type), (23, "sparse_tensors", MessageKind.SparseTensor));
        One(rules, MessageKind.Function, (1, "name", Name), (8, "doc_string", Text), (10, "domain", Name), (13, "overload", Name));
        Many(rules, MessageKind.Function, (4, "input", Name), (5, "output", Name), (6, "attribute", Name));
        Messages(rules, MessageKind.Function, (7, "node", MessageKind.Node), (9, "opset_import", MessageKind.OperatorSet), (11, "attribute_proto", MessageKind.Attribute), (12, "value_info", MessageKind.ValueInfo), (14, "metadata_props", MessageKind.Metadata));
    }

    private static void AddTensors(FieldRule?[][] rules)
    {
        Many(rules, MessageKind.Tensor, (1, "dims", Varint), (4, "float_data", Fixed32), (5, "int32_data", Varint), (6, "string_data", Data), (7, "int64_data", Varint), (10, "double_data", Fixed64), (11, "uint64_data", Varint));
        One(rules, MessageKind.Tensor, (2, "data_type", Varint), (8, "name", Name), (9, "raw_data", Data), (12, "doc_string", Text), (14, "data_location", Varint));
        Message(rules, MessageKind.Tensor, 3, "segment", MessageKind.Segment);
        Messages(rules, MessageKind.Tensor, (13, "external_data", MessageKind.ExternalEntry), (16, "metadata_props", MessageKind.Metadata));
        One(rules, MessageKind.Segment, (1, "begin", Varint), (2, "end", Varint));
        One(rules, MessageKind.ExternalEntry, (1, "key", Name), (2, "value", Name));
        Message(rules, MessageKind.SparseTensor, 1, "values", MessageKind.Tensor);
        Message(rules, MessageKind.SparseTensor, 2, "indices", MessageKind.Tensor);
        Many(rules, MessageKind.SparseTensor, (3, "dims", Varint));
    }

    private static void AddTypes(FieldRule?[][] rules)
    {
        Message(rules, MessageKind.Type, 1, "tensor_type", MessageKind.TensorType, isChoice: true);
        Message(rules, MessageKind.Type, 4, "sequence_type", MessageKind.SequenceType, isChoice: true);
        Message(rules, MessageKind.Type, 5, "map_type", MessageKind.MapType, isChoice: true);
        One(rules, MessageKind.Type, (6, "denotation", Name));
        Message(rules, MessageKind.Type, 7, "opaque_type", MessageKind.OpaqueType, isChoice: true);
        Message(rules, MessageKind.Type, 8, "sparse_tensor_type", MessageKind.TensorType, isChoice: true);
        Message(rules, MessageKind.Type, 9, "optional_type", MessageKind.SequenceType, isChoice: true);
        One(rules, MessageKind.TensorType, (1, "elem_type", Varint));
        Message(rules, MessageKind.TensorType, 2, "shape", MessageKind.Shape);
        Message(rules, MessageKind.SequenceType, 1, "elem_type", MessageKind.Type);
        One(rules, MessageKind.MapType, (1, "key_type", Varint));
        Message(rules, MessageKind.MapType, 2, "value_type", MessageKind.Type);
        One(rules, MessageKind.OpaqueType, (1, "domain", Name), (2, "name", Name));
        Messages(rules, MessageKind.Shape, (1, "dim", MessageKind.Dimension));
        rules[(int)MessageKind.Dimension][1] = new FieldRule("dim_value", Varint, IsRepeated: false, default, IsChoice: true);
        rules[(int)MessageKind.Dimension][2] = new FieldRule("dim_param", Name, IsRepeated: false, default, IsChoice: true);
        One(rules, MessageKind.Dimension, (3, "denotation", Name));
    }

    private static void One(FieldRule?[][] rules, MessageKind message, params ReadOnlySpan<(int Field, string Name, FieldContent Content)> fields)
    {
        foreach (var (field, name, content) in fields)
        {
            rules[(int)message][field] = new FieldRule(name, content, IsRepeated: false, default, IsChoice: false);
        }
    }

    private static void Many(FieldRule?[][] rules, MessageKind message, params ReadOnlySpan<(int Field, string Name, FieldContent Content)> fields)
    {
        foreach (var (field, name, content) in fields)
        {
            rules[(int)message][field] = new FieldRule(name, content, IsRepeated: true, default, IsChoice: false);
        }
    }

    private static void Message(FieldRule?[][] rules, MessageKind message, int field, string name, MessageKind child, bool isChoice = false) =>
        rules[(int)message][field] = new FieldRule(name, FieldContent.Message, IsRepeated: false, child, isChoice);

    private static void Messages(FieldRule?[][] rules, MessageKind message, params ReadOnlySpan<(int Field, string Name, MessageKind Child)> fields)
    {
        foreach (var (field, name, child) in fields)
        {
            rules[(int)message][field] = new FieldRule(name, FieldContent.Message, IsRepeated: true, child, IsChoice: false);
        }
    }
}
