namespace SecureInference.TestSupport.Onnx;

/// <summary>Builds a model whose run time is chosen, and which ONNX Runtime can terminate between nodes.</summary>
internal static class SlowModel
{
    public static byte[] Build(int iterations, int size) => AddLoop(new OnnxModelBuilder("slow"), iterations, size).Build();

    public static byte[] BuildGather(int iterations, int size) =>
        AddLoop(new OnnxModelBuilder("slow_gather"), iterations, size)
            .Input("index", OnnxType.Int64, "batch")
            .Output("rows", OnnxType.Float, "batch", 4)
            .Initializer("table", [.. Enumerable.Range(0, 40).Select(value => (float)value)], 10, 4)
            .Node("Gather", ["table", "index"], ["rows"], OnnxAttribute.Int("axis", 0))
            .Build();

    private static OnnxModelBuilder AddLoop(OnnxModelBuilder model, int iterations, int size) =>
        model
            .Input("x", OnnxType.Float, "batch", size)
            .Output("y", OnnxType.Float, "batch", size)
            .Initializer("iterations", [(long)iterations])
            .Initializer("matrix", MoveLeft(size), size, size)
            .Node("Loop", ["iterations", "", "x"], ["y"], OnnxAttribute.Graph("body", Body(size)));

    private static OnnxModelBuilder Body(int size) =>
        new OnnxModelBuilder("slow_body")
            .Input("iteration", OnnxType.Int64)
            .Input("go_on", OnnxType.Bool)
            .Input("from", OnnxType.Float, "batch", size)
            .Output("still_go_on", OnnxType.Bool)
            .Output("to", OnnxType.Float, "batch", size)
            .Node("Identity", ["go_on"], ["still_go_on"])
            .Node("MatMul", ["from", "matrix"], ["to"]);

    // A permutation: however many iterations, values neither vanish nor overflow, and tests know the answer.
    private static float[] MoveLeft(int size)
    {
        var matrix = new float[size * size];

        for (var column = 0; column < size; column++)
        {
            matrix[((column + 1) % size * size) + column] = 1;
        }

        return matrix;
    }
}
