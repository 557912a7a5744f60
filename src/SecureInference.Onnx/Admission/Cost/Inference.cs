using SecureInference.Onnx.Admission.Reading;
using SecureInference.Onnx.Admission.Wire;

namespace SecureInference.Onnx.Admission.Cost;

/// <summary>Follows one run through the model: how large each value becomes, and what each node costs.</summary>
internal sealed class Inference(ScanSubject subject, FunctionTable functions, ScopedNames<ValueFact> names, LastUses uses, DimensionBounds bounds, CostLimits limits)
{
    private const int NodesBetweenChecks = 1 << 10;

    /// <summary>No estimate goes deeper; what is there was counted and bounded before.</summary>
    private const int MostDepth = 300;

    private readonly FactBudget _facts = new(subject.File.Length + (16L << 20));
    private readonly CallCost _call = new();
    private readonly LiveBytes _live = new();
    private readonly List<CallFrame> _frames = [];
    private double _flops;

    /// <summary>Gets how many nodes were looked at, those of functions at each call.</summary>
    public int Visited { get; private set; }

    public RunCost Run()
    {
        names.Reset(0);
        if (Fields.TryGet(subject.Bytes, subject.Model, 7, out var message))
        {
            var graph = new GraphView(subject.Bytes, message, GraphPlace.Main);
            bounds.Learn(graph);
            DefineInputs(graph);
            DefineInitializers(graph);
            RunNodes(graph, 1, 1, uses);
        }

        return new RunCost(_live.Peak, _live.PeakPlace, _flops, bounds.Rows);
    }

    private void DefineInputs(in GraphView graph)
    {
        foreach (var input in graph.Inputs)
        {
            var (kind, shape, elements) = bounds.Of(graph.File, input);
            var fact = _facts.Create(kind, shape, elements, null, isConstant: false);
            names.Add(graph.File, graph.NameOf(input), fact);
            limits.AddInput(kind == ElementKind.String ? Math.Max(fact.Bytes, bounds.TextBytes) : fact.Bytes);
        }
    }

    private void DefineInitializers(in GraphView graph)
    {
        foreach (var message in graph.Initializers)
        {
            var tensor = new TensorView(graph.File, message);
            var isInput = names.Find(graph.File, tensor.Name) >= 0 && graph.Place.Depth == 0;
            if (!isInput && Fields.TryGet(graph.File, message, 8, out var name))
            {
                var shape = tensor.GetShape(64);
                names.Add(graph.File, name, _facts.Create(tensor.ElementKind, shape, ValueFact.Count(shape), tensor.GetValues(KnownValues.Most), isConstant: true));
            }
        }
    }

    /// <summary>Runs the nodes of a graph that is run <paramref name="rounds"/> times.</summary>
    private void RunNodes(in GraphView graph, double rounds, int depth, LastUses? lifetimes)
    {
        var index = 0;
        foreach (var message in graph.Nodes)
        {
            if (subject.Report.IsOver || ++Visited > subject.Limits.MaxNodes * 2L)
            {
                return;
            }

            if (Visited % NodesBetweenChecks == 0)
            {
                subject.CancellationToken.ThrowIfCancellationRequested();
            }

            var node = new NodeView(graph.File, message, graph.Place, index);
            RunNode(node, rounds, depth, lifetimes, index++);
        }
    }

    private void RunNode(in NodeView node, double rounds, int depth, LastUses? lifetimes, int index)
    {
        var frame = FrameAt(depth);
        var (inputs, outputs) = (frame.Inputs, frame.Outputs);
        ReadInputs(node, inputs);
        _call.Clear();
        var mark = _live.Now;
        if (functions.Find(node) is >= 0 and var called)
        {
            CallFunction(called, inputs, outputs, rounds, depth);
        }
        else if (!RunSubgraphs(node, inputs, outputs, rounds, depth))
        {
            OperatorRules.Apply(new OperatorCall(node, inputs, outputs, _facts, _call));
            _flops += rounds * Math.Max(_call.Flops, outputs.Count > 0 ? outputs[0].Elements : 0);
            limits.Check(node, _call, inputs, outputs);
        }

        _live.Add(_call.ScratchBytes, node);
        _live.Now = mark;
        DefineOutputs(node, outputs, lifetimes);
        lifetimes?.Free(node, index, _live);
    }

    private CallFrame FrameAt(int depth)
    {
        while (_frames.Count <= depth)
        {
            _frames.Add(new CallFrame());
        }

        _frames[depth].Clear();
        return _frames[depth];
    }

    private void ReadInputs(in NodeView node, List<ValueFact?> inputs)
    {
        foreach (var input in node.Inputs)
        {
            inputs.Add(!input.IsEmpty && names.Find(node.File, input.Of(node.File)) is >= 0 and var found ? names.At(found) : null);
        }
    }

    private void DefineOutputs(in NodeView node, List<ValueFact> outputs, LastUses? lifetimes)
    {
        var index = 0;
        foreach (var output in node.Outputs)
        {
            var fact = index < outputs.Count ? outputs[index] : ValueFact.Unknown;
            index++;
            if (!output.IsEmpty)
            {
                _live.Add(fact.Bytes, node);
                names.Add(node.File, output, fact);
                lifetimes?.Made(node.File, output, fact.Bytes);
            }
        }
    }

    private void CallFunction(int called, List<ValueFact?> inputs, List<ValueFact> outputs, double rounds, int depth)
    {
        if (depth >= MostDepth)
        {
            return;
        }

        var body = functions.BodyOf(called);
        var mark = names.Mark;
        var index = 0;
        foreach (var input in body.Inputs)
        {
            names.Add(body.File, input, (index < inputs.Count ? inputs[index] : null) ?? ValueFact.Unknown);
            index++;
        }

        RunNodes(body, rounds, depth + 1, null);
        ReadOutputs(body, outputs);
        names.Reset(mark);
    }

    private void ReadOutputs(in GraphView graph, List<ValueFact> outputs)
    {
        foreach (var output in graph.Outputs)
        {
            outputs.Add(names.Find(graph.File, graph.NameOf(output).Of(graph.File)) is >= 0 and var found ? names.At(found) : ValueFact.Unknown);
        }
    }

    /// <summary>Runs the graphs in a node's attributes, each as if all of them ran.</summary>
    /// <returns><see langword="false"/> where it has none.</returns>
    private bool RunSubgraphs(in NodeView node, List<ValueFact?> inputs, List<ValueFact> outputs, double rounds, int depth)
    {
        var hasGraph = false;
        foreach (var message in new SubgraphSequence(node))
        {
            var graph = new GraphView(node.File, message, new GraphPlace(node.Place, node.Graph.Depth + 1));
            var mark = names.Mark;
            var rule = new SubgraphInputs(node, inputs, _facts);
            var index = 0;
            foreach (var input in graph.Inputs)
            {
                names.Add(graph.File, graph.NameOf(input), rule.Of(index++));
            }

            DefineInitializers(graph);
            if (depth < MostDepth)
            {
                RunNodes(graph, rounds * rule.Rounds, depth + 1, null);
            }

            var found = new List<ValueFact>();
            ReadOutputs(graph, found);
            names.Reset(mark);
            rule.Join(outputs, found);
            hasGraph = true;
        }

        return hasGraph;
    }
}
