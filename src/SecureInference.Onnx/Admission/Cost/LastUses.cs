using SecureInference.Onnx.Admission.Reading;
using SecureInference.Onnx.Admission.Wire;

namespace SecureInference.Onnx.Admission.Cost;

/// <summary>Knows when each value of the main graph is used for the last time, so that its memory comes back.</summary>
internal sealed class LastUses
{
    private readonly ScopedNames<Life> _lives;

    private LastUses(in GraphView graph, StructureCounts counts)
    {
        _lives = new ScopedNames<Life>(Math.Min(counts.Values, graph.Message.Length / 8));
        var index = 0;
        foreach (var message in graph.Nodes)
        {
            Follow(graph, message, index++);
        }

        foreach (var output in graph.Outputs)
        {
            Use(graph.File, graph.NameOf(output), int.MaxValue);
        }
    }

    public static LastUses Of(ScanSubject subject, StructureCounts counts) =>
        new(new GraphView(subject.Bytes, Fields.TryGet(subject.Bytes, subject.Model, 7, out var graph) ? graph : default, GraphPlace.Main), counts);

    /// <summary>Says how large a value is.</summary>
    public void Made(ReadOnlySpan<byte> file, Slice name, long bytes)
    {
        if (_lives.Find(file, name.Of(file)) is >= 0 and var found)
        {
            _lives.At(found).Bytes = bytes;
        }
    }

    /// <summary>Frees what a node was the last to use.</summary>
    public void Free(in NodeView node, int index, LiveBytes live)
    {
        Free(node.File, node.Inputs, index, live);
        Free(node.File, node.Outputs, index, live);
        foreach (var inner in new SubgraphSequence(node))
        {
            foreach (var message in new GraphView(node.File, inner, node.Graph).Nodes)
            {
                Free(node.File, new FieldSequence(node.File, message, 1), index, live);
            }
        }
    }

    private void Free(ReadOnlySpan<byte> file, FieldSequence names, int index, LiveBytes live)
    {
        foreach (var name in names)
        {
            if (!name.IsEmpty && _lives.Find(file, name.Of(file)) is >= 0 and var found && _lives.At(found) is { Bytes: > 0 } life && life.LastUse <= index)
            {
                live.Free(life.Bytes);
                _lives.At(found).Bytes = 0;
            }
        }
    }

    private void Follow(in GraphView graph, Slice message, int index)
    {
        var node = new NodeView(graph.File, message, graph.Place, index);
        foreach (var input in node.Inputs)
        {
            Use(graph.File, input, index);
        }

        foreach (var inner in new SubgraphSequence(node))
        {
            foreach (var nested in new GraphView(graph.File, inner, graph.Place).Nodes)
            {
                Follow(new GraphView(graph.File, inner, graph.Place), nested, index);
            }
        }

        foreach (var output in node.Outputs)
        {
            if (!output.IsEmpty && _lives.Find(graph.File, output.Of(graph.File)) < 0)
            {
                _lives.Add(graph.File, output, new Life { LastUse = index });
            }
        }
    }

    private void Use(ReadOnlySpan<byte> file, Slice name, int index)
    {
        if (!name.IsEmpty && _lives.Find(file, name.Of(file)) is >= 0 and var found)
        {
            _lives.At(found).LastUse = index;
        }
    }

    private struct Life
    {
        public int LastUse;
        public long Bytes;
    }
}
