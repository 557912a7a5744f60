using SecureInference.Onnx.Admission.Wire;

namespace SecureInference.Onnx.Admission.Reading;

/// <summary>The graphs in a node's attributes.</summary>
internal readonly ref struct SubgraphSequence(NodeView node)
{
    private readonly NodeView _node = node;

    public Enumerator GetEnumerator() => new(_node);

    /// <summary>The walk.</summary>
    public ref struct Enumerator
    {
        private readonly ReadOnlySpan<byte> _file;
        private FieldSequence.Enumerator _attributes;
        private WireReader _fields;

        public Enumerator(NodeView node)
        {
            _file = node.File;
            _attributes = node.Attributes.GetEnumerator();
            _fields = new WireReader(_file, default);
        }

        public Slice Current { get; private set; }

        /// <summary>Gets the attribute that holds the graph.</summary>
        public readonly Slice Attribute => _attributes.Current;

        public bool MoveNext()
        {
            while (true)
            {
                while (_fields.Read())
                {
                    if (_fields.Field is 6 or 11 && _fields.Kind == WireKind.Bytes)
                    {
                        Current = _fields.Value;
                        return true;
                    }
                }

                if (!_attributes.MoveNext())
                {
                    return false;
                }

                _fields = new WireReader(_file, _attributes.Current);
            }
        }
    }
}
