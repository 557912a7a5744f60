using SecureInference.Onnx.Admission.Reading;

namespace SecureInference.Onnx.Admission.Cost;

/// <summary>One node while its outputs are estimated.</summary>
internal readonly ref struct OperatorCall
{
    private readonly List<ValueFact?> _inputs;
    private readonly List<ValueFact> _outputs;
    private readonly FactBudget _facts;

    public OperatorCall(NodeView node, List<ValueFact?> inputs, List<ValueFact> outputs, FactBudget facts, CallCost cost)
    {
        Node = node;
        _inputs = inputs;
        _outputs = outputs;
        _facts = facts;
        Cost = cost;
        IsConstant = inputs.TrueForAll(static input => input is null or { IsConstant: true });
    }

    public NodeView Node { get; }

    public int InputCount => _inputs.Count;

    /// <summary>Gets whether all inputs follow from constants.</summary>
    public bool IsConstant { get; }

    /// <summary>Gets what the node is found to cost.</summary>
    public CallCost Cost { get; }

    /// <summary>Returns an input; what is left out is as what nothing is known of.</summary>
    public ValueFact Input(int index) => index < _inputs.Count ? _inputs[index] ?? ValueFact.Unknown : ValueFact.Unknown;

    public bool Has(int index) => index < _inputs.Count && _inputs[index] is not null;

    /// <summary>Sets the next output.</summary>
    public void Output(ValueFact fact) => _outputs.Add(fact);

    public void Output(ElementKind kind, long[]? shape, double[]? values = null) =>
        Output(shape is null ? Guess(kind) : _facts.Create(kind, shape, ValueFact.Count(shape), values, IsConstant));

    /// <summary>Sets the next output to something of unknown shape, as large as the largest input.</summary>
    public void OutputUnknown(ElementKind kind, long elements) => Output(_facts.Create(kind, null, elements, null, IsConstant));

    /// <summary>Sets the next output to something of the shape of an input.</summary>
    public void OutputLike(ValueFact input, ElementKind? kind = null, double[]? values = null)
    {
        var sameKind = kind ?? input.Kind;
        Output(sameKind == input.Kind && input.Values == values && input.IsConstant == IsConstant
            ? input
            : _facts.Create(sameKind, input.Shape, input.Elements, values, IsConstant));
    }

    /// <summary>Says that the next output is of a size that nothing settles, and sets it.</summary>
    public void OutputUnbounded(ElementKind kind)
    {
        Cost.IsUnbounded = true;
        Output(Guess(kind));
    }

    /// <summary>Sets the next output of an operator that may make much of little.</summary>
    public void OutputAmplified(ElementKind kind, long[]? shape, double[]? values = null)
    {
        if (shape is null)
        {
            OutputUnbounded(kind);
            return;
        }

        Cost.IsAmplified = true;
        Output(kind, shape, values);
    }

    private ValueFact Guess(ElementKind kind)
    {
        var elements = 0L;
        foreach (var input in _inputs)
        {
            elements = Math.Max(elements, input?.Elements ?? 0);
        }

        return _facts.Create(kind, null, elements, null, IsConstant);
    }
}
