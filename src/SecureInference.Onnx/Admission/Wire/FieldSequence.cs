namespace SecureInference.Onnx.Admission.Wire;

/// <summary>The values of one field of a message, read again at each walk instead of being kept.</summary>
internal readonly ref struct FieldSequence(ReadOnlySpan<byte> file, Slice message, int field)
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
        private WireReader _reader = new(file, message);

        public readonly Slice Current => _reader.Value;

        public bool MoveNext()
        {
            while (_reader.Read())
            {
                if (_reader.Field == field && _reader.Kind == WireKind.Bytes)
                {
                    return true;
                }
            }

            return false;
        }
    }
}
