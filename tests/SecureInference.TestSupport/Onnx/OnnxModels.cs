namespace SecureInference.TestSupport.Onnx;

/// <summary>Ready models, each small enough to say in a line what it must answer.</summary>
public static class OnnxModels
{
    /// <summary>OUTPUT0 = INPUT0 + INPUT1 and OUTPUT1 = INPUT0 - INPUT1.</summary>
    public static byte[] AddSub() =>
        new OnnxModelBuilder("simple")
            .Input("INPUT0", OnnxType.Int32, "batch", 16)
            .Input("INPUT1", OnnxType.Int32, "batch", 16)
            .Output("OUTPUT0", OnnxType.Int32, "batch", 16)
            .Output("OUTPUT1", OnnxType.Int32, "batch", 16)
            .Node("Add", ["INPUT0", "INPUT1"], ["OUTPUT0"])
            .Node("Sub", ["INPUT0", "INPUT1"], ["OUTPUT1"])
            .Build();

    /// <summary>Y = X, for any type.</summary>
    public static byte[] Identity(OnnxType type, params OnnxDim[] dims) =>
        new OnnxModelBuilder("identity")
            .Input("X", type, dims)
            .Output("Y", type, dims)
            .Node("Identity", ["X"], ["Y"])
            .Build();

    /// <summary>y = x / [0, 0, 0, -1]: the row [0, 1, -1, 0] becomes [NaN, +Infinity, -Infinity, -0].</summary>
    public static byte[] NonFinite() =>
        new OnnxModelBuilder("non_finite")
            .Input("x", OnnxType.Float, "batch", 4)
            .Output("y", OnnxType.Float, "batch", 4)
            .Initializer("divisor", [0f, 0f, 0f, -1f], 4)
            .Node("Div", ["x", "divisor"], ["y"])
            .Build();

    /// <summary>c = a * b, where all three have no dimensions.</summary>
    public static byte[] Scalar() =>
        new OnnxModelBuilder("scalar")
            .Input("a", OnnxType.Float)
            .Input("b", OnnxType.Float)
            .Output("c", OnnxType.Float)
            .Node("Mul", ["a", "b"], ["c"])
            .Build();

    /// <summary>upper = text with a to z in capitals; ONNX Runtime refuses a text of no elements.</summary>
    public static byte[] Strings() =>
        new OnnxModelBuilder("strings")
            .Input("text", OnnxType.String, "n")
            .Output("upper", OnnxType.String, "n")
            .Node(
                "StringNormalizer",
                ["text"],
                ["upper"],
                OnnxAttribute.String("case_change_action", "UPPER"),
                // The default, en_US, is missing from slim containers.
                OnnxAttribute.String("locale", "C"))
            .Build();

    /// <summary>sum = x summed over its length, and same = x.</summary>
    public static byte[] DynamicSequence() =>
        new OnnxModelBuilder("dynamic_sequence")
            .Input("x", OnnxType.Float, "batch", "length")
            .Output("sum", OnnxType.Float, "batch")
            .Output("same", OnnxType.Float, "batch", "length")
            .Initializer("axes", [1L], 1)
            .Node("ReduceSum", ["x", "axes"], ["sum"], OnnxAttribute.Int("keepdims", 0))
            .Node("Identity", ["x"], ["same"])
            .Build();

    /// <summary>indices = where x is not zero: its shape [1, k] hangs on the values.</summary>
    public static byte[] DataDependent() =>
        new OnnxModelBuilder("data_dependent")
            .Input("x", OnnxType.Int64, "n")
            .Output("indices", OnnxType.Int64, 1, "k")
            .Node("NonZero", ["x"], ["indices"])
            .Build();

    /// <summary>rows = the rows of a table of 10, row r being [4r, 4r+1, 4r+2, 4r+3]; index 10 makes the run fail.</summary>
    public static byte[] Gather() =>
        new OnnxModelBuilder("gather")
            .Input("index", OnnxType.Int64, "batch")
            .Output("rows", OnnxType.Float, "batch", 4)
            .Initializer("table", [.. Enumerable.Range(0, 40).Select(value => (float)value)], 10, 4)
            .Node("Gather", ["table", "index"], ["rows"], OnnxAttribute.Int("axis", 0))
            .Build();

    /// <summary>items = the sequence (x, x), which no tensor protocol can carry.</summary>
    public static byte[] SequenceOutput() =>
        new OnnxModelBuilder("sequence_output")
            .Input("x", OnnxType.Float, "batch", 2)
            .SequenceOutput("items", OnnxType.Float, "batch", 2)
            .Node("SequenceConstruct", ["x", "x"], ["items"])
            .Build();

    /// <summary>y = softmax of x over the batch, so that rows of a batch change each other.</summary>
    public static byte[] SoftmaxOverBatch() =>
        new OnnxModelBuilder("softmax_over_batch")
            .Input("x", OnnxType.Float, "batch", 4)
            .Output("y", OnnxType.Float, "batch", 4)
            .Node("Softmax", ["x"], ["y"], OnnxAttribute.Int("axis", 0))
            .Build();

    /// <summary>y = x with its columns moved left by <paramref name="iterations"/>, one MatMul each, in a Loop.</summary>
    /// <remarks>At size 64 and batch 1 an iteration takes 1 to 2 microseconds: a million are a run of seconds.</remarks>
    public static byte[] Slow(int iterations, int size) => SlowModel.Build(iterations, size);

    /// <summary><see cref="Slow"/> and <see cref="Gather"/> in one: a run takes its time, and index 10 makes it fail.</summary>
    public static byte[] SlowGather(int iterations, int size) => SlowModel.BuildGather(iterations, size);

    /// <summary>y = <paramref name="width"/> times x: small requests with large answers.</summary>
    public static byte[] Wide(int width) =>
        new OnnxModelBuilder("wide")
            .Input("x", OnnxType.Float, "batch", 1)
            .Output("y", OnnxType.Float, "batch", width)
            .Initializer("ones", [.. Enumerable.Repeat(1f, width)], 1, width)
            .Node("MatMul", ["x", "ones"], ["y"])
            .Build();

    /// <summary>y = softmax over the columns of a network with fixed random weights.</summary>
    public static byte[] Mlp(params int[] layers) => MlpModel.Build(layers);

    /// <summary>A chain of functions: of twenty thousand, ONNX Runtime overflows its stack, which nothing can catch.</summary>
    /// <param name="length">The functions in the chain.</param>
    /// <param name="calls">How often the graph calls the first: of a thousand functions, each call takes about a second to load.</param>
    public static byte[] FunctionChain(int length, int calls = 1) => Onnx.FunctionChain.Build(length, calls);
}
