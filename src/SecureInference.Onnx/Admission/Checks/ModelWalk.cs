using SecureInference.Onnx.Admission.Reading;
using SecureInference.Onnx.Admission.Wire;

namespace SecureInference.Onnx.Admission.Checks;

/// <summary>Takes the checks through every graph, function, node and tensor of a model.</summary>
internal sealed class ModelWalk(ScanSubject subject, FunctionTable functions, IFileCheck[] checks)
{
    private const int NodesBetweenChecks = 1 << 10;

    public void Run()
    {
        if (Fields.TryGet(subject.Bytes, subject.Model, 7, out var graph))
        {
            Walk(new GraphView(subject.Bytes, graph, GraphPlace.Main));
        }

        for (var index = 0; index < functions.Count; index++)
        {
            var body = functions.BodyOf(index);
            Walk(body);

            // What an attribute is where a call leaves it out.
            foreach (var attribute in new FieldSequence(body.File, body.Message, 11))
            {
                Walk(new NodeView(body.File, default, body.Place, 0), attribute);
            }
        }

        foreach (var training in new FieldSequence(subject.Bytes, subject.Model, 20))
        {
            foreach (var field in (ReadOnlySpan<int>)[1, 2])
            {
                if (Fields.TryGet(subject.Bytes, training, field, out var trained))
                {
                    Walk(new GraphView(subject.Bytes, trained, new GraphPlace("training", 0)));
                }
            }
        }

        foreach (var check in checks)
        {
            check.Finish();
        }
    }

    private void Walk(in GraphView graph)
    {
        foreach (var tensor in graph.Initializers)
        {
            if (subject.Report.IsOver)
            {
                return;
            }

            Check(new TensorView(graph.File, tensor), new TensorSite(graph.Place, TensorRole.Initializer, 0));
        }

        foreach (var sparse in graph.SparseInitializers)
        {
            CheckSparse(graph.File, sparse, new TensorSite(graph.Place, TensorRole.Initializer, 0));
        }

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

            Walk(new NodeView(graph.File, message, graph.Place, index++));
        }
    }

    private void Walk(in NodeView node)
    {
        foreach (var check in checks)
        {
            check.Check(node);
        }

        foreach (var attribute in node.Attributes)
        {
            Walk(node, attribute);
        }
    }

    private void Walk(in NodeView node, Slice attribute)
    {
        var site = new TensorSite(node.Graph, TensorRole.Attribute, node.Index);
        var fields = new WireReader(node.File, attribute);
        while (fields.Read() && !subject.Report.IsOver)
        {
            switch (fields.Field)
            {
                case 5 or 10:
                    Check(new TensorView(node.File, fields.Value), site);
                    break;
                case 22 or 23:
                    CheckSparse(node.File, fields.Value, site);
                    break;
                case 6 or 11:
                    var name = Quoted.Plain(Fields.Text(node.File, attribute, 1));
                    Walk(new GraphView(node.File, fields.Value, new GraphPlace($"{node.Place} / {name}", node.Graph.Depth + 1)));
                    break;
            }
        }
    }

    private void Check(in TensorView tensor, in TensorSite site)
    {
        foreach (var check in checks)
        {
            check.Check(tensor, site);
        }
    }

    private void CheckSparse(ReadOnlySpan<byte> file, Slice message, in TensorSite site)
    {
        foreach (var check in checks)
        {
            check.CheckSparse(file, message, site);
        }

        foreach (var (field, role) in (ReadOnlySpan<(int, TensorRole)>)[(1, TensorRole.SparseValues), (2, TensorRole.SparseIndices)])
        {
            if (Fields.TryGet(file, message, field, out var part))
            {
                Check(new TensorView(file, part), site.With(role));
            }
        }
    }
}
