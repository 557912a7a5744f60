using SecureInference.Onnx.Admission.Reading;

namespace SecureInference.Onnx.Admission.Cost;

/// <summary>What control flow gives to its graphs, and takes from them.</summary>
internal readonly ref struct SubgraphInputs
{
    private readonly NodeView _node;
    private readonly List<ValueFact?> _inputs;
    private readonly FactBudget _facts;

    public SubgraphInputs(NodeView node, List<ValueFact?> inputs, FactBudget facts)
    {
        _node = node;
        _inputs = inputs;
        _facts = facts;
        Rounds = node.Is("Loop"u8) && inputs is [{ Values: [var trips] }, ..] ? Math.Max(1, trips)
            : node.Is("Scan"u8) && inputs.Count > ScanStart && inputs[ScanStart]?.Shape is [var length, ..] ? Math.Max(1, length)
            : 1;
    }

    /// <summary>Gets how often a graph is run, where that is known.</summary>
    public double Rounds { get; }

    private int ScanStart => (int)Math.Clamp(_inputs.Count - _node.GetInteger("num_scan_inputs"u8, 0), 0, _inputs.Count);

    private int ScanOutputsFrom => _node.Is("Loop"u8) ? Math.Max(0, _inputs.Count - 2) : _node.Is("Scan"u8) ? ScanStart : int.MaxValue;

    public ValueFact Of(int index)
    {
        if (_node.Is("Loop"u8))
        {
            // The round and the condition come first; the node's first two inputs say how many rounds.
            return index < 2 ? _facts.Create(index == 0 ? ElementKind.Int64 : ElementKind.Bool, [], 1, null, isConstant: false) : Varying(index);
        }

        if (index >= _inputs.Count || _inputs[index] is not { } input)
        {
            return ValueFact.Unknown;
        }

        return _node.Is("Scan"u8) && index >= ScanStart && input.Shape is [_, .. var rest]
            ? _facts.Create(input.Kind, rest, ValueFact.Count(rest), null, isConstant: false)
            : Varying(index);
    }

    /// <summary>Adds the outputs of one graph to those of the node: of two branches, the larger counts.</summary>
    public void Join(List<ValueFact> outputs, List<ValueFact> found)
    {
        var skipped = _node.Is("Loop"u8) ? 1 : 0;
        for (var index = skipped; index < found.Count; index++)
        {
            var fact = index - skipped >= ScanOutputsFrom ? Collected(found[index]) : found[index];
            if (index - skipped >= outputs.Count)
            {
                outputs.Add(fact);
            }
            else if (fact.Elements > outputs[index - skipped].Elements)
            {
                outputs[index - skipped] = fact;
            }
        }
    }

    // What is carried from round to round keeps neither its values nor its constancy.
    private ValueFact Varying(int index) => index >= _inputs.Count || _inputs[index] is not { } input ? ValueFact.Unknown
        : input is { Values: null, IsConstant: false } ? input
        : _facts.Create(input.Kind, input.Shape, input.Elements, null, isConstant: false);

    private ValueFact Collected(ValueFact one)
    {
        var elements = (long)Math.Min(one.Elements * Rounds, long.MaxValue);
        return _facts.Create(one.Kind, one.Shape is null ? null : [(long)Rounds, .. one.Shape], elements, null, isConstant: false);
    }
}
