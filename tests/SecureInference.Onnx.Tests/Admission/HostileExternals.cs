using static SecureInference.Onnx.Tests.Admission.Proto;

namespace SecureInference.Onnx.Tests.Admission;

/// <summary>Data in other files: the scan of these is given one file, <c>weights.bin</c>, of 64 bytes.</summary>
internal static class HostileExternals
{
    public static readonly Dictionary<string, byte[]> Files = new(StringComparer.Ordinal) { ["weights.bin"] = new byte[64] };

    private static readonly string[] BadLocations =
    [
        "../weights.bin", "sub/../../x", "/etc/hostname", "\\\\host\\share\\x", "a\\b", "C:\\x", "C:x", "//host/share", "~/x", ".", "..", "", "sub//x", "./weights.bin", "weights.bin:stream", "x.", "x /y ",
        "*/_ORT_MEM_ADDR_/*", "*/_ORT_NATIVE_ENDIAN_MEM_ADDR_/*", "x_ort_mem_addr_x",
    ];

    public static IEnumerable<HostileModel> All =>
    [
        .. BadLocations.Select(static location => new HostileModel($"location '{location}'", "ONNX-G1", () => Initializer(("location", location), ("offset", "0"), ("length", "4")))),
        new("location with a NUL", "ONNX-B5", static () => Initializer(("location", "a\0b"), ("length", "4"))),
        new("file that is not listed", "ONNX-G2", static () => Initializer(("location", "other.bin"), ("length", "4"))),
        new("device that never ends", "ONNX-G1", static () => Initializer(("location", "/dev/zero"), ("length", "4"))),
        new("environment of the process", "ONNX-G1", static () => Initializer(("location", "/proc/self/environ"), ("length", "4"))),
        new("location twice", "ONNX-G3", static () => Initializer(("location", "weights.bin"), ("location", "../x"), ("length", "4"))),
        new("unknown entry", "ONNX-G3", static () => Initializer(("location", "weights.bin"), ("length", "4"), ("__class__", "x"))),
        new("no location", "ONNX-G3", static () => Initializer(("length", "4"))),
        new("offset -1", "ONNX-G3", static () => Initializer(("location", "weights.bin"), ("offset", "-1"), ("length", "4"))),
        new("offset 2^63", "ONNX-G3", static () => Initializer(("location", "weights.bin"), ("offset", "9223372036854775808"), ("length", "4"))),
        new("offset in hexadecimal", "ONNX-G3", static () => Initializer(("location", "weights.bin"), ("offset", "0x10"), ("length", "4"))),
        new("offset beyond the file", "ONNX-G4", static () => Initializer(("location", "weights.bin"), ("offset", "64"), ("length", "4"))),
        new("length of another size", "ONNX-G4", static () => Initializer(("location", "weights.bin"), ("offset", "0"), ("length", "400"))),
        new("no length", "ONNX-G4", static () => Initializer(("location", "weights.bin"))),
        new("data here and there", "ONNX-F2", static () => HostileTensors.With(Join(Data(("location", "weights.bin"), ("length", "4")), Bytes(9, new byte[4])))),
        new("regions that overlap", "ONNX-G4", static () => Model(Graph(
            Message(5, External("v", 1, [2], ("location", "weights.bin"), ("offset", "0"), ("length", "8"))),
            Message(5, External("w", 1, [2], ("location", "weights.bin"), ("offset", "4"), ("length", "8"))),
            Input("x", 1, 2), Output("y"), Node("Sum", "x v w", "y")))),
        new("in a Constant", "ONNX-G5", static () => Constant(5, Data(("location", "weights.bin"), ("length", "4")))),
        new("memory marker in a Constant", "ONNX-G1", static () => Constant(5, Data(("location", "*/_ORT_MEM_ADDR_/*"), ("offset", "4096"), ("length", "4")))),
        new("in a sparse initializer", "ONNX-G5", static () => Model(Graph(Message(15, Sparse()), Input("x"), Output("y"), Node("Add", "x w", "y")))),
        new("in a sparse constant", "ONNX-G5", static () => Constant(22, Sparse())),
        new("in a graph of an If", "ONNX-G5", static () => Model(Graph(Input("c", 9), Output("y"), Node("If", "c", "y", Attribute(
            "then_branch", Message(6, Graph(Message(5, Data(("location", "weights.bin"), ("length", "4"))), Output("w"))), Number(20, 5)))))),
        new("in a function", "ONNX-G1", static () => Model(HostileStructures.Plain(), Message(25, Text(1, "f"), Text(5, "b"), Text(10, "own"), Message(7, NodeBody("Constant", "", "b", Attribute(
            "value", Message(5, Data(("location", "*/_ORT_MEM_ADDR_/*"), ("length", "4"))), Number(20, 4))))))),
        new("in training information", "ONNX-G1", static () => Model(HostileStructures.Plain(), Message(20, Message(1, Graph(
            Message(5, Data(("location", "*/_ORT_MEM_ADDR_/*"), ("length", "4")))))))),
    ];

    public static byte[] Initializer(params (string, string)[] entries) => HostileTensors.With(Data(entries));

    private static byte[] Data(params (string, string)[] entries) => External("w", 1, [1], entries);

    private static byte[] Constant(int field, byte[] value) => Model(Graph(Output("y"), Node("Constant", "", "y", Attribute(field == 5 ? "value" : "sparse_value", Message(field, value), Number(20, field == 5 ? 4 : 11)))));

    private static byte[] Sparse() => Join(
        Message(1, Data(("location", "weights.bin"), ("length", "4"))), Message(2, Tensor("", 7, [1], Bytes(9, Longs(0)))), Number(3, 16));
}
