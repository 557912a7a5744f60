namespace SecureInference.Pipeline.Auditing.Tree;

/// <summary>Makes the hashes of a proof while all leaves go by once, however many there are.</summary>
internal sealed class ProofHasher
{
    private readonly TreeSpan[] _spans;
    private readonly CompactRange[] _ranges;

    /// <summary>Prepares for leaves that begin with <paramref name="first"/>; what lies before is known by its range.</summary>
    public ProofHasher(TreeHasher hasher, TreeSpan[] spans, long first, ReadOnlySpan<byte> range)
    {
        _spans = spans;
        _ranges = new CompactRange[spans.Length];
        for (var index = 0; index < spans.Length; index++)
        {
            _ranges[index] = new CompactRange(hasher);
            Seed(_ranges[index], spans[index], first, range);
        }
    }

    public void Add(long sequence, ReadOnlySpan<byte> leaf)
    {
        for (var index = 0; index < _spans.Length; index++)
        {
            if (sequence >= _spans[index].Start && sequence < _spans[index].End)
            {
                _ranges[index].Append(leaf);
                return;
            }
        }
    }

    /// <summary>Returns the proof.</summary>
    /// <exception cref="InvalidOperationException">Leaves are missing.</exception>
    public byte[][] Finish()
    {
        var hashes = new byte[_spans.Length][];
        for (var index = 0; index < hashes.Length; index++)
        {
            hashes[index] = _ranges[index].Size == _spans[index].End - _spans[index].Start
                ? _ranges[index].Root()
                : throw new InvalidOperationException("Leaves are missing.");
        }

        return hashes;
    }

    /// <summary>Takes from the range the subtrees within the span; a proof's subtrees never part one of them.</summary>
    private static void Seed(CompactRange target, TreeSpan span, long first, ReadOnlySpan<byte> range)
    {
        var end = Math.Min(span.End, first);
        var (start, from, to) = (0L, 0, 0);
        for (var bit = 62; bit >= 0; bit--)
        {
            if ((first >> bit & 1) == 0)
            {
                continue;
            }

            from += start < span.Start ? 1 : 0;
            to += start < end ? 1 : 0;
            start += 1L << bit;
        }

        if (end > span.Start)
        {
            target.Load(end - span.Start, range[(from * TreeHasher.HashLength)..(to * TreeHasher.HashLength)]);
        }
    }
}
