using System.Collections.Frozen;
using System.Text;

namespace SecureInference.Onnx.Admission.Cost;

/// <summary>Finds how the outputs of an operator follow from its inputs.</summary>
internal static class OperatorRules
{
    private const int LongestName = 64;

    private static readonly FrozenDictionary<string, Action<OperatorCall>> Rules = new Dictionary<string, Action<OperatorCall>>[]
    {
        ElementwiseRules.Create(), ShapeRules.Create(), SelectionRules.Create(), GeneratorRules.Create(), ReductionRules.Create(), LinearRules.Create(), RecurrentRules.Create(), MachineLearningRules.Create(),
    }.SelectMany(static rules => rules).ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Gets the operators that there are rules for.</summary>
    internal static IEnumerable<string> Names => Rules.Keys;

    /// <summary>Sets the outputs of a node.</summary>
    public static void Apply(OperatorCall call)
    {
        Span<char> buffer = stackalloc char[LongestName];
        var name = call.Node.OperatorType;
        if (name.Length <= LongestName && Encoding.UTF8.TryGetChars(name, buffer, out var length)
            && Rules.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(buffer[..length], out var rule))
        {
            rule(call);
        }
        else
        {
            call.Output(call.Input(0).Kind, null);
        }
    }
}
