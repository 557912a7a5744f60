using SecureInference.Onnx.Admission.Reading;

namespace SecureInference.Onnx.Admission.Cost;

/// <summary>The bytes of the values that live at one moment of a run, and the most there were.</summary>
internal sealed class LiveBytes
{
    private Place? _peak;

    public long Now { get; set; }

    public long Peak { get; private set; }

    /// <summary>Gets the node at which there were the most.</summary>
    public string PeakPlace => _peak?.ToString() ?? "graph";

    public void Add(long bytes, in NodeView node)
    {
        Now = Now > long.MaxValue - bytes ? long.MaxValue : Now + bytes;
        if (Now > Peak)
        {
            Peak = Now;
            _peak ??= new Place();
            _peak.Set(node);
        }
    }

    public void Free(long bytes) => Now = Math.Max(0, Now - bytes);

    // A million nodes may each be the peak until then: only the last is written out.
    private sealed class Place
    {
        private GraphPlace _graph = GraphPlace.Main;
        private int _index;
        private readonly byte[] _operator = new byte[16];
        private int _length;

        public void Set(in NodeView node)
        {
            (_graph, _index, _length) = (node.Graph, node.Index, Math.Min(node.OperatorType.Length, _operator.Length));
            node.OperatorType[.._length].CopyTo(_operator);
        }

        public override string ToString() => $"{_graph.Path} / node {_index} ({Quoted.Plain(_operator.AsSpan(0, _length))})";
    }
}
