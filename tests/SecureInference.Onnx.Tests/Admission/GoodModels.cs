using SecureInference.TestSupport.Onnx;

namespace SecureInference.Onnx.Tests.Admission;

/// <summary>One small model of each family that people serve; none may be refused.</summary>
internal static class GoodModels
{
    /// <summary>Gets them by their names, each with inputs that it takes.</summary>
    public static IReadOnlyDictionary<string, (byte[] File, Tensor[] Inputs)> All { get; } = new Dictionary<string, (byte[], Tensor[])>(StringComparer.Ordinal)
    {
        ["mlp"] = (OnnxModels.Mlp(16, 32, 4), [Some.Floats("x", 3, 16)]),
        ["cnn"] = (Cnn(), [Tensor.Create<float>("image", [2, 1, 8, 8], new float[128])]),
        ["transformer"] = (Transformer(), [Tensor.Create<long>("ids", [2, 5], [1, 2, 3, 4, 5, 6, 7, 8, 9, 0])]),
        ["lstm"] = (Recurrent("LSTM", 4), [Tensor.Create<float>("x", [2, 3, 4], new float[24])]),
        ["gru"] = (Recurrent("GRU", 3), [Tensor.Create<float>("x", [2, 3, 4], new float[24])]),
        ["text"] = (OnnxModels.Strings(), [Tensor.Create("text", [2], ["a", "b"])]),
        ["trees"] = (Trees(), [Tensor.Create<float>("x", [2, 2], [0, 1, 2, 3])]),
        ["data dependent"] = (OnnxModels.DataDependent(), [Tensor.Create<long>("x", [3], [0, 1, 2])]),
        ["gather"] = (OnnxModels.Gather(), [Tensor.Create<long>("index", [2], [0, 9])]),
        ["wide"] = (OnnxModels.Wide(1_000), [Some.Floats("x", 2, 1)]),
    };

    private static byte[] Cnn() => new OnnxModelBuilder("cnn")
        .Input("image", OnnxType.Float, "batch", 1, "height", "width").Output("y", OnnxType.Float, "batch", 4)
        .Initializer("kernel", new float[8 * 9], 8, 1, 3, 3).Initializer("scale", new float[8], 8).Initializer("mean", new float[8], 8)
        .Initializer("factors", [1f, 1f, 2f, 2f], 4).Initializer("weights", new float[32], 8, 4)
        .Node("Conv", ["image", "kernel"], ["c"], OnnxAttribute.Ints("pads", 1, 1, 1, 1))
        .Node("BatchNormalization", ["c", "scale", "mean", "mean", "scale"], ["b"])
        .Node("Relu", ["b"], ["r"])
        .Node("MaxPool", ["r"], ["p"], OnnxAttribute.Ints("kernel_shape", 2, 2), OnnxAttribute.Ints("strides", 2, 2))
        .Node("Resize", ["p", "", "factors"], ["u"], OnnxAttribute.String("mode", "nearest"))
        .Node("GlobalAveragePool", ["u"], ["g"])
        .Node("Flatten", ["g"], ["f"])
        .Node("MatMul", ["f", "weights"], ["y"])
        .Build();

    // Shapes are computed as exporters write it: of a shape, by Gather, Unsqueeze and Concat.
    private static byte[] Transformer() => new OnnxModelBuilder("transformer")
        .Input("ids", OnnxType.Int64, "batch", 5).Output("y", OnnxType.Float, "batch", 5, 8)
        .Initializer("table", new float[80], 10, 8).Initializer("zero", [0L]).Initializer("one", [1L]).Initializer("axis", [0L], 1)
        .Initializer("heads", [2L], 1).Initializer("width", [4L], 1).Initializer("all", [8L], 1).Initializer("scale", [2f])
        .Initializer("q", new float[64], 8, 8).Initializer("k", new float[64], 8, 8).Initializer("gamma", new float[8], 8)
        .Node("Gather", ["table", "ids"], ["e"])
        .Node("Shape", ["e"], ["shape"])
        .Node("Gather", ["shape", "zero"], ["b"]).Node("Gather", ["shape", "one"], ["l"])
        .Node("Unsqueeze", ["b", "axis"], ["b1"]).Node("Unsqueeze", ["l", "axis"], ["l1"])
        .Node("Concat", ["b1", "l1", "heads", "width"], ["split"], OnnxAttribute.Int("axis", 0)).Node("Concat", ["b1", "l1", "all"], ["joined"], OnnxAttribute.Int("axis", 0))
        .Node("MatMul", ["e", "q"], ["q0"]).Node("MatMul", ["e", "k"], ["k0"])
        .Node("Reshape", ["q0", "split"], ["q1"]).Node("Reshape", ["k0", "split"], ["k1"])
        .Node("Transpose", ["q1"], ["q2"], OnnxAttribute.Ints("perm", 0, 2, 1, 3)).Node("Transpose", ["k1"], ["k2"], OnnxAttribute.Ints("perm", 0, 2, 3, 1))
        .Node("MatMul", ["q2", "k2"], ["scores"]).Node("Div", ["scores", "scale"], ["scaled"]).Node("Softmax", ["scaled"], ["p"], OnnxAttribute.Int("axis", -1))
        .Node("MatMul", ["p", "q2"], ["o"]).Node("Transpose", ["o"], ["o1"], OnnxAttribute.Ints("perm", 0, 2, 1, 3)).Node("Reshape", ["o1", "joined"], ["o2"])
        .Node("Add", ["e", "o2"], ["sum"]).Node("LayerNormalization", ["sum", "gamma"], ["y"])
        .Build();

    private static byte[] Recurrent(string operatorType, int gates) => new OnnxModelBuilder("recurrent")
        .Input("x", OnnxType.Float, "batch", "length", 4).Output("y", OnnxType.Float, "batch", 1, 6)
        .Initializer("w", new float[gates * 6 * 4], 1, gates * 6, 4).Initializer("r", new float[gates * 6 * 6], 1, gates * 6, 6)
        .Node("Transpose", ["x"], ["t"], OnnxAttribute.Ints("perm", 1, 0, 2))
        .Node(operatorType, ["t", "w", "r"], ["", "h"], OnnxAttribute.Int("hidden_size", 6))
        .Node("Transpose", ["h"], ["y"], OnnxAttribute.Ints("perm", 1, 0, 2))
        .Build();

    private static byte[] Trees()
    {
        byte[] Longs(string name, params long[] values) => Proto.Attribute(name, [.. values.Select(static value => Proto.Number(8, value)), Proto.Number(20, 7)]);
        byte[] Floats(string name, params float[] values) => Proto.Attribute(name, Proto.Bytes(7, [.. values.SelectMany(BitConverter.GetBytes)]), Proto.Number(20, 6));
        byte[] Texts(string name, params string[] values) => Proto.Attribute(name, [.. values.Select(static value => Proto.Text(9, value)), Proto.Number(20, 8)]);
        return Proto.Join(
            Proto.Number(1, 8), Proto.Message(8, Proto.Number(2, 17)), Proto.Message(8, Proto.Text(1, "ai.onnx.ml"), Proto.Number(2, 3)),
            Proto.Message(7, Proto.Graph(
                Proto.Input("x", 1, -1, 2), Proto.Output("y", 1, -1, 1),
                Proto.Node("TreeEnsembleRegressor", "x", "y", Proto.Domain("ai.onnx.ml"), Proto.Attribute("n_targets", Proto.Number(3, 1), Proto.Number(20, 2)),
                    Longs("nodes_treeids", 0, 0, 0), Longs("nodes_nodeids", 0, 1, 2), Longs("nodes_featureids", 0, 0, 0), Floats("nodes_values", 1, 0, 0),
                    Texts("nodes_modes", "BRANCH_LEQ", "LEAF", "LEAF"), Longs("nodes_truenodeids", 1, 0, 0), Longs("nodes_falsenodeids", 2, 0, 0),
                    Longs("target_treeids", 0, 0), Longs("target_nodeids", 1, 2), Longs("target_ids", 0, 0), Floats("target_weights", 3, 4)))));
    }
}
