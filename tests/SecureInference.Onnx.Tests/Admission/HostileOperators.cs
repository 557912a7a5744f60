using static SecureInference.Onnx.Tests.Admission.Proto;

namespace SecureInference.Onnx.Tests.Admission;

/// <summary>Operators, control flow and functions that do more than compute.</summary>
internal static class HostileOperators
{
    public static IEnumerable<HostileModel> All =>
    [
        new("unknown domain", "ONNX-C1", static () => One("Anything", Domain("evil.example"))),
        new("contrib operator", "ONNX-C1", static () => One("FusedMatMul", Domain("com.microsoft"))),
        new("unknown operator", "ONNX-C2", static () => One("NoSuchOperator")),
        new("attribute twice", "ONNX-B4", static () => One("Elu", Attribute("alpha", [0x15, 0, 0, 0, 0], Number(20, 1)), Attribute("alpha", [0x15, 0, 0, 0, 1], Number(20, 1)))),
        new("too many attributes", "ONNX-B7", static () => One("Elu", [.. Enumerable.Range(0, 129).Select(static index => Attribute($"a{index}", Number(3, 1), Number(20, 2)))])),
        new("loop in a function, with the name of a constant elsewhere", "ONNX-D2", LoopInFunction),
        new("operator without a type", "ONNX-C2", static () => Model(Graph(Input("x"), Output("y"), Message(1, Text(1, "x"), Text(2, "y"))))),
        new("PyOp", "ONNX-C3", static () => One("PyOp", Domain("com.microsoft.pyop"))),
        new("ATen", "ONNX-C3", static () => One("ATen", Domain("org.pytorch.aten"))),
        new("EPContext with a path", "ONNX-C3", static () => One("EPContext", Domain("com.microsoft"), Attribute("ep_cache_context", Text(4, "../../lib.so"), Number(20, 3)))),
        new("image decoder", "ONNX-C3", static () => One("ImageDecoder")),
        new("training information", "ONNX-C4", static () => Model(HostileStructures.Plain(), Message(20, Message(2, HostileStructures.Plain())))),
        new("training operator", "ONNX-C4", static () => One("Adam", Domain("ai.onnx.preview.training"))),
        new("If", "ONNX-D1", static () => Model(Graph(Input("c", 9), Output("y"), Node("If", "c", "y", Branch("then_branch"), Branch("else_branch"))))),
        new("loop of 1e9 rounds", "ONNX-D2", static () => Loop(Int64s("n", 1_000_000_000), "n")),
        new("loop without an end", "ONNX-D2", static () => Loop([], "")),
        new("loop as long as a request says", "ONNX-D2", static () => Loop(Input("n", 7, 1), "n")),
        new("scan", "ONNX-D1", static () => Model(Graph(Input("x", 1, 9), Output("y"), Node("Scan", "x", "y", Attribute("body", Message(6, Graph(Input("i"), Output("o"), Node("Relu", "i", "o"))), Number(20, 5)))))),
        new("function that calls itself", "ONNX-E1", static () => Functions(("f", "f"))),
        new("two functions that call each other", "ONNX-E1", static () => Functions(("f", "h"), ("h", "f"))),
        new("functions that double, 2^30", "ONNX-E3", static () => Doubling(30)),
        new("chain of functions", "ONNX-E2", static () => Functions([.. Enumerable.Range(0, 100).Select(static index => ($"f{index}", index == 99 ? "" : $"f{index + 1}"))])),
        new("function called Relu", "ONNX-E4", static () => Model(HostileStructures.Plain(), Function("Relu", "", Domainless("Abs")))),
        new("function twice", "ONNX-E4", static () => Model(HostileStructures.Plain(), Function("f", "own", Domainless("Abs")), Function("f", "own", Domainless("Neg")))),
        new("too many functions", "ONNX-B7", static () => Model(HostileStructures.Plain(), [.. Enumerable.Range(0, 1001).Select(static index => Function($"f{index}", "own", Domainless("Abs")))])),
    ];

    public static byte[] One(string operatorType, params byte[][] more) => Model(Graph(Input("x", 1, 2), Output("y", 1, 2), Node(operatorType, "x", "y", more)));

    public static byte[] Loop(byte[] rounds, string name)
    {
        var body = Graph(Input("i", 7), Input("c", 9), Input("a", 1, 1), Output("co", 9), Output("ao", 1, 1), Node("Identity", "c", "co"), Node("Identity", "a", "ao"));
        var inputs = Join(Text(1, name), Text(1, ""), Text(1, "x"), Text(2, "y"), Text(4, "Loop"), Attribute("body", Message(6, body), Number(20, 5)));
        return Model(Graph(Input("x", 1, 1), rounds, Output("y", 1, 1), Message(1, inputs)));
    }

    private static byte[] Branch(string name) => Attribute(name, Message(6, Graph(Output("b"), Node("Constant", "", "b", Attribute("value_float", [0x15, 0, 0, 0, 0], Number(20, 1))))), Number(20, 5));

    public static byte[] Doubling(int levels) => Model(
        Graph(Input("x"), Output("y"), Node("f0", "x", "y", Domain("own"))),
        [.. Enumerable.Range(0, levels).Select(index => Function($"f{index}", "own", Twice(index == levels - 1 ? ("Abs", "") : ($"f{index + 1}", "own"))))]);

    private static byte[] Function(string name, string domain, params byte[][] nodes) => Message(25, [Text(1, name), Text(4, "a"), Text(5, "b"), Message(9, Number(2, 17)), Text(10, domain), .. nodes]);

    private static byte[] Domainless(string operatorType) => Message(7, NodeBody(operatorType, "a", "b"));

    private static byte[] Functions(params (string Name, string Calls)[] functions) => Model(
        Graph(Input("x"), Output("y"), Node(functions[0].Name, "x", "y", Domain("own"))),
        [.. functions.Select(static function => Function(function.Name, "own", function.Calls.Length == 0 ? Domainless("Abs") : Message(7, NodeBody(function.Calls, "a", "b", Domain("own")))))]);

    private static byte[] LoopInFunction()
    {
        var body = Graph(Input("i", 7), Input("c", 9), Input("a", 1, 1), Output("co", 9), Output("ao", 1, 1), Node("Identity", "c", "co"), Node("Identity", "a", "ao"));
        var loop = Join(Text(1, "n"), Text(1, ""), Text(1, "a"), Text(2, "b"), Text(4, "Loop"), Attribute("body", Message(6, body), Number(20, 5)));
        return Model(
            Graph(Int64s("n", 2), Input("x", 1, 1), Input("rounds", 7), Output("y", 1, 1), Node("f", "rounds x", "y", Domain("own"))),
            Message(25, Text(1, "f"), Text(4, "n"), Text(4, "a"), Text(5, "b"), Text(10, "own"), Message(7, loop)));
    }

    private static byte[] Twice((string Name, string Domain) called) => Join(
        Message(7, NodeBody(called.Name, "a", "m", Domain(called.Domain))), Message(7, NodeBody(called.Name, "m", "b", Domain(called.Domain))));
}
