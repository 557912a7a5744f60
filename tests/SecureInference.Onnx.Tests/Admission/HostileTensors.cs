using static SecureInference.Onnx.Tests.Admission.Proto;

namespace SecureInference.Onnx.Tests.Admission;

/// <summary>Tensors that are not what they say.</summary>
internal static class HostileTensors
{
    private const int Float = 1;
    private const int Int64 = 7;
    private const int Text8 = 8;

    public static IEnumerable<HostileModel> All =>
    [
        new("raw data too short", "ONNX-F2", static () => With(Tensor("w", Float, [4], Bytes(9, new byte[12])))),
        new("raw data too long", "ONNX-F2", static () => With(Tensor("w", Float, [4], Bytes(9, new byte[20])))),
        new("no data", "ONNX-F2", static () => With(Tensor("w", Float, [1 << 28]))),
        new("data twice", "ONNX-F2", static () => With(Tensor("w", Float, [1], Bytes(9, new byte[4]), Bytes(4, new byte[4])))),
        new("strings as raw bytes", "ONNX-F2", static () => With(Tensor("w", Text8, [1], Bytes(9, new byte[4])))),
        new("negative dimension", "ONNX-F1", static () => With(Tensor("w", Float, [-1], Bytes(9, [])))),
        new("more elements than can be counted", "ONNX-F1", static () => With(Tensor("w", Float, [1L << 40, 1L << 40], Bytes(9, [])))),
        new("product that wraps to 0", "ONNX-F1", static () => With(Tensor("w", Float, [1L << 32, 1L << 32], Bytes(9, [])))),
        new("too many dimensions", "ONNX-F1", static () => With(Tensor("w", Float, [.. Enumerable.Repeat(1L, 17)], Bytes(9, new byte[4])))),
        new("unknown type", "ONNX-F3", static () => With(Tensor("w", 99, [1], Bytes(9, new byte[4])))),
        new("no type", "ONNX-F3", static () => With(Tensor("w", 0, [1], Bytes(9, new byte[4])))),
        new("data in the field of another type", "ONNX-F3", static () => With(Tensor("w", Float, [1], Number(7, 1)))),
        new("strings of 70 MB", "ONNX-F6", static () => With(Tensor("w", Text8, [70_000], [.. Enumerable.Repeat(Bytes(6, new byte[1_000]), 70_000)]))),
        new("sparse", "ONNX-F4", static () => Sparse(16, [3])),
        new("sparse that is dense 4 GiB", "ONNX-F5", static () => Sparse(1L << 30, [3])),
        new("sparse with an index out of range", "ONNX-F5", static () => Sparse(16, [16])),
        new("sparse with a negative index", "ONNX-F5", static () => Sparse(16, [-1])),
        new("sparse with indices out of order", "ONNX-F5", static () => Sparse(16, [3, 2])),
        new("sparse with an index twice", "ONNX-F5", static () => Sparse(16, [3, 3])),
        new("sparse in an attribute", "ONNX-F4", static () => Model(Graph(Output("y"), Node("Constant", "", "y", Attribute("sparse_value", Message(22, SparseBody(16, [3])), Number(20, 11)))))),
        new("wrong tensor in an attribute", "ONNX-F2", static () => Model(Graph(Output("y"), Node("Constant", "", "y", Attribute("value", Message(5, Tensor("", Float, [9], Bytes(9, []))), Number(20, 4)))))),
    ];

    public static byte[] With(byte[] initializer) => Model(Graph(Message(5, initializer), Input("x", Float, 1), Output("y"), Node("Add", "x w", "y")));

    private static byte[] Sparse(long size, long[] indices) => Model(Graph(Message(15, SparseBody(size, indices)), Input("x", Float, 1), Output("y"), Node("Add", "x w", "y")));

    private static byte[] SparseBody(long size, long[] indices) => Join(
        Message(1, Tensor("w", Float, [indices.Length], Bytes(9, new byte[4 * indices.Length]))),
        Message(2, Tensor("", Int64, [indices.Length], Bytes(9, Longs(indices)))),
        Number(3, size));
}
