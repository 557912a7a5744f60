using System.Text;
using static SecureInference.Onnx.Tests.Admission.Proto;

namespace SecureInference.Onnx.Tests.Admission;

/// <summary>Files that are not written as they should be.</summary>
internal static class HostileStructures
{
    public static IEnumerable<HostileModel> All =>
    [
        new("zip", "ONNX-B1", static () => [0x50, 0x4B, 3, 4, 0, 0, 0, 0]),
        new("gzip", "ONNX-B1", static () => [0x1F, 0x8B, 8, 0, 0, 0]),
        new("pickle", "ONNX-B1", static () => [0x80, 4, 0x95, 0, 0, 0]),
        new("ort format", "ONNX-B1", static () => [0x20, 0, 0, 0, .. "ORTM"u8, 0, 0]),
        new("empty", "ONNX-B1", static () => []),
        new("text", "ONNX-B2", static () => Encoding.UTF8.GetBytes("secret=hunter2 and further lines")),
        new("ten million empty nodes", "ONNX-B7", EmptyNodes),
        new("million operator sets", "ONNX-B7", static () => Join([Number(1, 8), .. Enumerable.Repeat(Message(8, Number(2, 17)), 1_000_000)])),
        new("doc string of 50 MB", "ONNX-B6", static () => Model(Graph(), Bytes(6, new byte[50 << 20]))),
        new("invalid UTF-8", "ONNX-B5", static () => Model(Graph(Message(1, Bytes(1, [0xFF, 0xFE]), Text(2, "y"), Text(4, "Relu"))))),
        new("NUL in a name", "ONNX-B5", static () => Model(Graph(Node("Relu", "a\0b", "y")))),
        new("long name", "ONNX-B5", static () => Model(Graph(Node("Relu", new string('x', 5000), "y")))),
        new("two graphs", "ONNX-B4", static () => Join(Model(Plain()), Message(7, Plain()))),
        new("two operator types", "ONNX-B4", static () => Model(Graph(Node("Relu", "x", "y", Text(4, "Sigmoid"))))),
        new("two kinds of dimension", "ONNX-B4", TwoKindsOfDimension),
        new("graph as a number", "ONNX-B2", static () => Join(Number(1, 8), Number(7, 1))),
        new("overlong number", "ONNX-B2", static () => [0x08, 0x88, 0x00]),
        new("number without an end", "ONNX-B2", static () => [0x08, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]),
        new("group", "ONNX-B2", static () => [0x0B, 0x0C]),
        new("declares 2 GB", "ONNX-B2", static () => [0x08, 0x08, 0x3A, .. Varint(2_000_000_000)]),
        new("nested 10,000 deep", "ONNX-B3", NestedMessages),
        new("nested If, 2,000 deep", "ONNX-B3", NestedIf),
        new("unknown field", "ONNX-B9", static () => Join(Model(Plain()), Text(25 + 100, "x"))),
        new("no graph", "ONNX-B8", static () => Join(Number(1, 8), Message(8, Number(2, 17)))),
        new("no operator set", "ONNX-B8", static () => Join(Number(1, 8), Message(7, Plain()))),
        new("operator set twice", "ONNX-B8", static () => Model(Plain(), Message(8, Number(2, 13)))),
        new("version of the future", "ONNX-B8", static () => Join(Number(1, 99), Message(8, Number(2, 17)), Message(7, Plain()))),
        new("input twice", "ONNX-I1", static () => Model(Graph(Input("x"), Input("x"), Output("y"), Node("Relu", "x", "y")))),
        new("initializer twice", "ONNX-I1", static () => Model(Graph(Int64s("x", 1), Int64s("x", 2), Output("y", 7), Node("Relu", "x", "y")))),
        new("output twice", "ONNX-I1", static () => Model(Graph(Input("x"), Output("y"), Output("y"), Node("Relu", "x", "y")))),
        new("two makers of one value", "ONNX-I1", static () => Model(Graph(Input("x"), Output("y"), Node("Relu", "x", "y"), Node("Abs", "x", "y")))),
        new("node that feeds itself", "ONNX-I2", static () => Model(Graph(Output("y"), Node("Relu", "y", "y")))),
        new("undefined input", "ONNX-I2", static () => Model(Graph(Output("y"), Node("Relu", "nothing", "y")))),
        new("output from nowhere", "ONNX-I2", static () => Model(Graph(Input("x"), Output("z"), Node("Relu", "x", "y")))),
        new("node without outputs", "ONNX-I2", static () => Model(Graph(Input("x"), Output("x"), Node("Relu", "x", "")))),
    ];

    public static byte[] Plain() => Graph(Input("x", 1, 2), Output("y", 1, 2), Node("Relu", "x", "y"));

    private static byte[] TwoKindsOfDimension()
    {
        var shape = Message(1, Number(1, 2), Text(2, "n"));
        return Model(Graph(Message(11, Text(1, "x"), Message(2, Message(1, Number(1, 1), Message(2, shape))))));
    }

    private static byte[] EmptyNodes()
    {
        var graph = new byte[20_000_000];
        for (var index = 0; index < graph.Length; index += 2)
        {
            graph[index] = 0x0A;
        }

        return Model(graph);
    }

    private static byte[] NestedMessages() => Wrap(10_000, static inner => Message(1, Text(4, "If"), Message(5, Message(6, inner))));

    private static byte[] NestedIf() => Wrap(2_000, static inner => Message(1, Text(1, "c"), Text(2, "y"), Text(4, "If"), Message(5, Text(1, "then_branch"), Message(6, inner))));

    private static byte[] Wrap(int depth, Func<byte[], byte[]> around)
    {
        // Written from the inside, each layer anew: a few hundred layers show the same as thousands, and cost less here.
        var inner = Array.Empty<byte>();
        for (var level = 0; level < Math.Min(depth, 2_000); level++)
        {
            inner = around(inner);
        }

        return Model(inner);
    }
}
