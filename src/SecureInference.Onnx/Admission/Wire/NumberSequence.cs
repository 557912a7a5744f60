namespace SecureInference.Onnx.Admission.Wire;

/// <summary>The numbers of one repeated field, packed or not, read again at each walk.</summary>
internal readonly ref struct NumberSequence(ReadOnlySpan<byte> file, Slice message, int field)
{
    private readonly ReadOnlySpan<byte> _file = file;

    public Enumerator GetEnumerator() => new(_file, message, field);

    public int Count()
    {
        var count = 0;
        foreach (var _ in this)
        {
            count++;
        }

        return count;
    }

    /// <summary>The walk.</summary>
    public ref struct Enumerator(ReadOnlySpan<byte> file, Slice message, int field)
    {
        private readonly ReadOnlySpan<byte> _file = file;
        private WireReader _reader = new(file, message);
        private WireReader _packed;
        private bool _isPacked;

        public long Current { get; private set; }

        public bool MoveNext()
        {
            while (true)
            {
                if (_isPacked && _packed.Position < _packed.End && _packed.ReadVarint(out var element))
                {
                    Current = unchecked((long)element);
                    return true;
                }

                _isPacked = false;
                if (!_reader.Read())
                {
                    return false;
                }

                if (_reader.Field != field)
                {
                    continue;
                }

                if (_reader.Kind == WireKind.Varint)
                {
                    Current = unchecked((long)_reader.Number);
                    return true;
                }

                _isPacked = _reader.Kind == WireKind.Bytes;
                _packed = new WireReader(_file, _reader.Value);
            }
        }
    }
}
