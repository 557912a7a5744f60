using SecureInference.Onnx.Admission.Reading;
using SecureInference.Onnx.Admission.Wire;

namespace SecureInference.Onnx.Admission.Checks;

/// <summary>Follows names of the main graph to the constants behind them.</summary>
internal sealed class ConstantValues(ScanSubject subject)
{
    private const int MostValues = 16;
    private const int MostSteps = 8;

    private ScopedNames<Slice>? _nodes;
    private ScopedNames<Slice>? _initializers;

    /// <summary>Returns the values of a node's first input, where they are constant.</summary>
    public double[]? FindFirstInput(in NodeView node) => FindFirstInput(node, MostSteps);

    /// <summary>Returns the node of the main graph that makes a value; it is empty where none does.</summary>
    public Slice FindMaker(ReadOnlySpan<byte> name) => Find(_nodes ??= ReadNodes(), name);

    private double[]? FindFirstInput(in NodeView node, int steps)
    {
        foreach (var input in node.Inputs)
        {
            return input.IsEmpty || steps == 0 ? null : FindValues(input.Of(node.File), steps);
        }

        return null;
    }

    private double[]? FindValues(ReadOnlySpan<byte> name, int steps)
    {
        if (Find(_initializers ??= ReadInitializers(), name) is { IsEmpty: false } initializer)
        {
            return new TensorView(subject.Bytes, initializer).GetValues(MostValues);
        }

        var maker = new NodeView(subject.Bytes, FindMaker(name), GraphPlace.Main, 0);
        if (maker.Is("Constant"u8))
        {
            return maker.TryGetTensor("value"u8, out var value) ? value.GetValues(MostValues)
                : maker.TryGetAttribute("value_int"u8, out _) ? [maker.GetInteger("value_int"u8, 0)] : null;
        }

        return maker.Is("Identity"u8) || maker.Is("Cast"u8) || maker.Is("Reshape"u8) || maker.Is("Squeeze"u8) || maker.Is("Unsqueeze"u8)
            ? FindFirstInput(maker, steps - 1)
            : null;
    }

    private Slice Find(ScopedNames<Slice> names, ReadOnlySpan<byte> name) => names.Find(subject.Bytes, name) is >= 0 and var index ? names.At(index) : default;

    private ScopedNames<Slice> ReadNodes()
    {
        var names = new ScopedNames<Slice>(0);
        foreach (var message in Graph.Nodes)
        {
            foreach (var output in new FieldSequence(subject.Bytes, message, 2))
            {
                names.Add(subject.Bytes, output, message);
            }
        }

        return names;
    }

    private ScopedNames<Slice> ReadInitializers()
    {
        var names = new ScopedNames<Slice>(0);
        foreach (var initializer in Graph.Initializers)
        {
            if (Fields.TryGet(subject.Bytes, initializer, 8, out var name))
            {
                names.Add(subject.Bytes, name, initializer);
            }
        }

        foreach (var input in Graph.Inputs)
        {
            // An initializer that is an input too is only what a request may leave out.
            names.Add(subject.Bytes, Graph.NameOf(input), default);
        }

        return names;
    }

    private GraphView Graph => new(subject.Bytes, Fields.TryGet(subject.Bytes, subject.Model, 7, out var graph) ? graph : default, GraphPlace.Main);
}
