using SecureInference.Onnx.Admission.Reading;
using SecureInference.Onnx.Admission.Wire;

namespace SecureInference.Onnx.Admission.Checks;

/// <summary>I: each value has one maker, which comes before its users; so no graph has a cycle.</summary>
internal sealed class NameCheck(ScanSubject subject, FunctionTable functions, StructureCounts counts)
{
    private const int NodesBetweenChecks = 1 << 12;

    private readonly ScopedNames<bool> _names = new(Math.Min(counts.Values + counts.Initializers, subject.File.Length / 8));

    public void Run()
    {
        if (Fields.TryGet(subject.Bytes, subject.Model, 7, out var graph))
        {
            Check(new GraphView(subject.Bytes, graph, GraphPlace.Main));
        }

        for (var index = 0; index < functions.Count; index++)
        {
            _names.Reset(0);
            Check(functions.BodyOf(index));
        }
    }

    private void Check(in GraphView graph)
    {
        var start = _names.Mark;
        foreach (var input in graph.Inputs)
        {
            Define(graph, graph.NameOf(input), start, "input", isDefault: false);
        }

        foreach (var tensor in graph.Initializers)
        {
            // An initializer may give an input its default, once.
            Fields.TryGet(graph.File, tensor, 8, out var name);
            Define(graph, name, start, "initializer", isDefault: true);
        }

        foreach (var sparse in graph.SparseInitializers)
        {
            if (Fields.TryGet(graph.File, sparse, 1, out var values) && Fields.TryGet(graph.File, values, 8, out var name))
            {
                Define(graph, name, start, "initializer", isDefault: true);
            }
        }

        CheckNodes(graph, start);
        foreach (var output in graph.Outputs)
        {
            Use(graph.NameOf(output), graph.Place.Path, "output");
        }

        CheckOutputs(graph);
        _names.Reset(start);
    }

    private void CheckNodes(in GraphView graph, int start)
    {
        var index = 0;
        foreach (var message in graph.Nodes)
        {
            if (subject.Report.IsOver)
            {
                return;
            }

            if (index % NodesBetweenChecks == 0)
            {
                subject.CancellationToken.ThrowIfCancellationRequested();
            }

            var node = new NodeView(graph.File, message, graph.Place, index++);
            foreach (var input in node.Inputs)
            {
                if (!input.IsEmpty && _names.Find(subject.Bytes, input.Of(subject.Bytes)) < 0)
                {
                    subject.Report.Add(AdmissionRules.UndefinedName, node.Place, $"it uses {Quoted.Name(input.Of(subject.Bytes))}, which nothing before it defines");
                }
            }

            foreach (var inner in new SubgraphSequence(node))
            {
                Check(new GraphView(graph.File, inner, new GraphPlace(node.Place, graph.Place.Depth + 1)));
            }

            DefineOutputs(graph, node, start);
        }
    }

    private void DefineOutputs(in GraphView graph, in NodeView node, int start)
    {
        var outputs = 0;
        foreach (var output in node.Outputs)
        {
            outputs++;
            if (!output.IsEmpty)
            {
                Define(graph, output, start, "output of a node", isDefault: false);
            }
        }

        if (outputs == 0)
        {
            subject.Report.Add(AdmissionRules.UndefinedName, node.Place, "it has no output");
        }
    }

    private void Define(in GraphView graph, Slice name, int start, string role, bool isDefault)
    {
        var found = _names.Find(subject.Bytes, name.Of(subject.Bytes), start);
        if (found >= 0 && !(isDefault && !_names.At(found)))
        {
            subject.Report.Add(AdmissionRules.DoubledName, graph.Place.Path, $"the {role} {Quoted.Name(name.Of(subject.Bytes))} has the name of another value");
        }
        else if (name.IsEmpty)
        {
            subject.Report.Add(AdmissionRules.UndefinedName, graph.Place.Path, $"an {role} has no name");
        }
        else if (found >= 0)
        {
            _names.At(found) = true;
        }
        else
        {
            _names.Add(subject.Bytes, name, isDefault || role != "input");
        }
    }

    private void Use(Slice name, string place, string role)
    {
        if (_names.Find(subject.Bytes, name.Of(subject.Bytes)) < 0)
        {
            subject.Report.Add(AdmissionRules.UndefinedName, place, $"the {role} {Quoted.Name(name.Of(subject.Bytes))} is made by nothing");
        }
    }

    private void CheckOutputs(in GraphView graph)
    {
        // A graph in a node may give one value twice; callers of the model tell its outputs apart by their names.
        if (graph.Place.Depth > 0 || graph.IsFunction)
        {
            return;
        }

        var outputs = new ScopedNames<bool>(1);
        foreach (var output in graph.Outputs)
        {
            var name = graph.NameOf(output);
            if (outputs.Find(subject.Bytes, name.Of(subject.Bytes)) >= 0)
            {
                subject.Report.Add(AdmissionRules.DoubledName, graph.Place.Path, $"the output {Quoted.Name(name.Of(subject.Bytes))} stands twice");
            }
            else
            {
                outputs.Add(subject.Bytes, name, value: true);
            }
        }
    }
}
