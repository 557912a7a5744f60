namespace SecureInference.Onnx.Admission.Cost;

/// <summary>Operators that walk along a sequence.</summary>
internal static class RecurrentRules
{
    public static Dictionary<string, Action<OperatorCall>> Create() => new(StringComparer.Ordinal)
    {
        ["LSTM"] = static call => Walk(call, gates: 4),
        ["GRU"] = static call => Walk(call, gates: 3),
        ["RNN"] = static call => Walk(call, gates: 1),
    };

    private static void Walk(OperatorCall call, int gates)
    {
        var input = call.Input(0);
        if (input.Shape is not [var first, var second, var width] || call.Input(2).Shape is not [var directions, _, var hidden])
        {
            call.Output(input.Kind, null);
            call.Output(input.Kind, null);
            call.Output(input.Kind, null);
            return;
        }

        var (length, rows) = call.Node.GetInteger("layout"u8, 0) == 1 ? (second, first) : (first, second);
        call.Cost.Flops = 2d * gates * length * rows * directions * hidden * (width + (double)hidden);
        call.Output(input.Kind, [length, directions, rows, hidden]);
        call.Output(input.Kind, [directions, rows, hidden]);
        call.Output(input.Kind, [directions, rows, hidden]);
    }
}
