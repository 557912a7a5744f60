using static SecureInference.Onnx.Tests.Admission.Proto;

namespace SecureInference.Onnx.Tests.Admission;

/// <summary>Small files that are well made and take a machine down.</summary>
internal static class HostileCosts
{
    private const int Int64 = 7;

    public static IEnumerable<HostileModel> All =>
    [
        new("ConstantOfShape of 512 MiB", "ONNX-H1", static () => Model(Graph(Int64s("s", 134_217_728), Output("y"), Node("ConstantOfShape", "s", "y")))),
        new("ConstantOfShape in many pieces", "ONNX-H1", static () => Model(Graph([Int64s("s", 4_000_000), Output("y0"), .. Enumerable.Range(0, 100).Select(static index => Node("ConstantOfShape", "s", $"y{index}"))]))),
        new("ConstantOfShape and Tile", "ONNX-H1", static () => Model(Graph(Int64s("s", 1024), Int64s("r", 1_048_576), Output("y"), Node("ConstantOfShape", "s", "t"), Node("Tile", "t r", "y")))),
        new("Expand that overflows", "ONNX-H4", static () => Model(Graph(Input("x", 1, 1), Int64s("s", 1L << 62, 4), Output("y"), Node("Expand", "x s", "y")))),
        new("Expand of a request's row", "ONNX-H3", static () => Model(Graph(Input("x", 1, 1), Int64s("s", 100_000_000), Output("y"), Node("Expand", "x s", "y")))),
        new("Tile of a request's row", "ONNX-H3", static () => Model(Graph(Input("x", 1, 4), Int64s("s", 50_000_000), Output("y"), Node("Tile", "x s", "y")))),
        new("Range of 1e18", "ONNX-H1", static () => Model(Graph(Int64s("a", 0), Int64s("b", 1_000_000_000_000_000_000), Int64s("c", 1), Output("y", Int64), Node("Range", "a b c", "y")))),
        new("Range as long as a request says", "ONNX-H2", static () => Model(Graph(Input("a", Int64), Input("b", Int64), Input("c", Int64), Output("y", Int64), Node("Range", "a b c", "y")))),
        new("ConstantOfShape as a request says", "ONNX-H2", static () => Model(Graph(Input("s", Int64, 2), Output("y"), Node("ConstantOfShape", "s", "y")))),
        new("Resize by a factor of 10,000", "ONNX-H3", static () => Model(Graph(
            Input("x", 1, 1, 1, 4, 4), Message(5, Tensor("s", 1, [4], Bytes(4, [.. new float[] { 1, 1, 10_000, 10_000 }.SelectMany(BitConverter.GetBytes)]))), Output("y"), Node("Resize", "x  s", "y")))),
        new("Pad by a billion", "ONNX-H3", static () => Model(Graph(Input("x", 1, 1), Int64s("p", 0, 1_000_000_000), Output("y"), Node("Pad", "x p", "y")))),
        new("OneHot of a billion", "ONNX-H3", static () => Model(Graph(Input("x", Int64, 1), Int64s("d", 1_000_000_000), Message(5, Tensor("v", 1, [2], Bytes(9, new byte[8]))), Output("y"), Node("OneHot", "x d v", "y")))),
        new("random numbers, 8 GiB", "ONNX-H1", static () => Model(Graph(Output("y"), Node("RandomNormal", "", "y", Attribute("shape", Number(8, 1L << 31), Number(20, 7)))))),
        new("outer products that square each other", "ONNX-H4", OuterProducts),
        new("matrix of a million by a million", "ONNX-H5", static () => Model(Graph(
            Input("x", 1, 1_000_000, 1), Output("y"), Node("Transpose", "x", "t"), Node("MatMul", "x t", "m"), Node("MatMul", "m m", "n"), Node("MatMul", "n x", "y")))),
        new("Einsum of a million by a million", "ONNX-H4", static () => Model(Graph(Input("x", 1, 1_000_000), Output("y"), Node("Einsum", "x x", "y", Attribute("equation", Text(4, "i,j->ij"), Number(20, 3)))))),
        new("bomb in a function", "ONNX-H1", static () => Model(
            Graph(Int64s("s", 134_217_728), Output("y"), Node("f", "s", "y", Domain("own"))),
            Message(25, Text(1, "f"), Text(4, "a"), Text(5, "b"), Text(10, "own"), Message(7, NodeBody("ConstantOfShape", "a", "b"))))),
        new("windows of a billion", "ONNX-H1", static () => Model(Graph(Message(5, Tensor("s", Int64, [], Bytes(9, Longs(1_000_000_000)))), Output("y"), Node("HannWindow", "s", "y")))),
        new("samples without number", "ONNX-H3", static () => Model(Graph(Input("x", 1, 1, 4), Output("y", 6), Node("Multinomial", "x", "y", Attribute("sample_size", Number(3, 1_000_000_000), Number(20, 2)))))),
        new("transposed convolution with a stride of 10,000", "ONNX-H3", static () => Model(Graph(
            Input("x", 1, 1, 1, 2, 2), Message(5, Tensor("w", 1, [1, 1, 1, 1], Bytes(9, new byte[4]))), Output("y"),
            Node("ConvTranspose", "x w", "y", Attribute("strides", Number(8, 20_000), Number(8, 20_000), Number(20, 7)))))),
    ];

    private static byte[] OuterProducts() => Model(Graph(
        Input("x", 1, 4_096, 1), Output("y"), Node("Transpose", "x", "t"), Node("MatMul", "x t", "m"), Node("Reshape", "m shape", "n"), Int64s("shape", 16_777_216, 1),
        Node("Transpose", "n", "o"), Node("MatMul", "n o", "y")));
}
