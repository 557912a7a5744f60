namespace SecureInference.TestSupport.Onnx;

/// <summary>Builds a model of functions that each call the next.</summary>
internal static class FunctionChain
{
    private const string Own = "own";
    private const int Opset = 17;

    public static byte[] Build(int length, int calls)
    {
        var graph = new OnnxModelBuilder("chain").Input("x", OnnxType.Float, 2).Output($"y{calls - 1}", OnnxType.Float, 2).Graph;
        for (var call = 0; call < calls; call++)
        {
            graph.Message(OnnxField.GraphNode, Node("f0", Own, "x", $"y{call}"));
        }

        var model = new ProtobufWriter()
            .Integer(OnnxField.ModelIrVersion, 8)
            .Message(OnnxField.ModelOpset, Import("", Opset))
            .Message(OnnxField.ModelOpset, Import(Own, 1))
            .Message(OnnxField.ModelGraph, graph);
        for (var index = 0; index < length; index++)
        {
            var isLast = index == length - 1;
            model.Message(OnnxField.ModelFunction, new ProtobufWriter()
                .Text(OnnxField.FunctionName, $"f{index}")
                .Text(OnnxField.FunctionInput, "a")
                .Text(OnnxField.FunctionOutput, "b")
                .Message(OnnxField.FunctionNode, Node(isLast ? "Abs" : $"f{index + 1}", isLast ? "" : Own, "a", "b"))
                .Message(OnnxField.FunctionOpset, Import("", Opset))
                .Message(OnnxField.FunctionOpset, Import(Own, 1))
                .Text(OnnxField.FunctionDomain, Own));
        }

        return model.Written.ToArray();
    }

    private static ProtobufWriter Node(string operatorType, string domain, string input, string output) => new ProtobufWriter()
        .Text(OnnxField.NodeInput, input)
        .Text(OnnxField.NodeOutput, output)
        .Text(OnnxField.NodeOpType, operatorType)
        .Text(OnnxField.NodeDomain, domain);

    private static ProtobufWriter Import(string domain, int version) => new ProtobufWriter()
        .Text(OnnxField.OpsetDomain, domain)
        .Integer(OnnxField.OpsetVersion, version);
}
