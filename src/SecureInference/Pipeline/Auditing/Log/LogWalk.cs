using SecureInference.Pipeline.Auditing.Tree;

namespace SecureInference.Pipeline.Auditing.Log;

/// <summary>Goes through segments record by record, and compares the tree with every checkpoint that it meets.</summary>
internal sealed class LogWalk : IDisposable
{
    private readonly TreeHasher _hasher = new();
    private readonly string _origin;
    private readonly RecordVisitor? _visitor;
    private readonly Dictionary<long, List<(Checkpoint Checkpoint, LogFailureKind Kind)>> _watched = [];
    private long _lastAgreed;

    public LogWalk(string origin, RecordVisitor? visitor = null)
    {
        _origin = origin;
        _visitor = visitor;
        Range = new CompactRange(_hasher);
    }

    public CompactRange Range { get; }

    /// <summary>Gets whether any segment held a checkpoint.</summary>
    public bool HasMetCheckpoint { get; private set; }

    /// <summary>Gets whether the segment that was walked last has its footer.</summary>
    public bool HasMetFooter { get; private set; }

    /// <summary>Compares the tree with a checkpoint when it has that size.</summary>
    public void Watch(Checkpoint checkpoint, LogFailureKind kind)
    {
        if (!_watched.TryGetValue(checkpoint.Size, out var watched))
        {
            _watched[checkpoint.Size] = watched = [];
        }

        watched.Add((checkpoint, kind));
    }

    /// <summary>Takes up the state before a segment: at the first it is taken over, at others it must be the one that was reached.</summary>
    public LogFailure? Enter(SegmentFile segment, SegmentHeader header, bool isFirst)
    {
        if (isFirst)
        {
            Range.Load(header.FirstSequence, header.Range);
            _lastAgreed = header.FirstSequence;
        }

        if (Range.Size != header.FirstSequence || !Range.Hashes.SequenceEqual(header.Range) || !Range.Root().AsSpan().SequenceEqual(header.Root))
        {
            return isFirst
                ? Failure(LogFailureKind.BadHeader, segment, 0, "its header's root is not that of its range.")
                : Failure(LogFailureKind.ChainBroken, segment, 0, $"it does not go on from the {Range.Size} records before it, of which those from {_lastAgreed} on are in doubt.") with
                {
                    Sequence = Math.Min(_lastAgreed, header.FirstSequence),
                    EndSequence = Range.Size,
                };
        }

        return Compare(segment, 0);
    }

    /// <summary>Walks a segment to its last whole frame, or to the record from which on the next segment counts.</summary>
    public LogFailure? Walk(SegmentFile segment, SegmentReader reader, CheckpointKey key, long limit, out FrameStatus status)
    {
        HasMetFooter = false;
        LogFailure? failure = null;
        while (failure is null && (status = reader.Read()) == FrameStatus.Whole)
        {
            if (HasMetFooter || (reader.Type == FrameType.Record && Range.Size == limit))
            {
                reader.Unread();
                return null;
            }

            failure = reader.Type switch
            {
                FrameType.Record => Take(segment, reader),
                FrameType.Checkpoint => Check(segment, reader, key),
                _ => Finish(segment, reader),
            };
        }

        status = failure is null ? reader.Peek() : FrameStatus.Damaged;
        return failure;
    }

    public LogFailure Failure(LogFailureKind kind, SegmentFile segment, long offset, string message) =>
        new(kind, $"segment {segment.Number} ({segment.Name}), offset {offset}, record {Range.Size}: {message}")
        {
            File = segment.Name,
            Segment = segment.Number,
            Offset = offset,
            Sequence = Range.Size,
        };

    public void Dispose() => _hasher.Dispose();

    private LogFailure? Take(SegmentFile segment, SegmentReader reader)
    {
        Span<byte> leaf = stackalloc byte[TreeHasher.HashLength];
        var record = reader.Body;
        _hasher.Leaf(record, leaf);
        _visitor?.Invoke(Range.Size, record, leaf);
        Range.Append(leaf);
        return Compare(segment, reader.Offset);
    }

    private LogFailure? Check(SegmentFile segment, SegmentReader reader, CheckpointKey key)
    {
        HasMetCheckpoint = true;
        if (SignedCheckpoint.TryParse(reader.Body) is not { } signed || signed.Checkpoint.Origin != _origin)
        {
            return Failure(LogFailureKind.BadCheckpoint, segment, reader.Offset, "it is no checkpoint of this log.");
        }

        if (signed.IsSignedBy(key) is not true and var isSigned)
        {
            return isSigned is null
                ? Failure(LogFailureKind.UnknownKey, segment, reader.Offset, "another key signed the checkpoint than the segment's.")
                : Failure(LogFailureKind.BadCheckpoint, segment, reader.Offset, "the checkpoint's signature is false.");
        }

        return Compare(segment, reader.Offset, signed.Checkpoint, LogFailureKind.RecordsChanged);
    }

    private LogFailure? Finish(SegmentFile segment, SegmentReader reader)
    {
        HasMetFooter = true;
        var size = System.Buffers.Binary.BinaryPrimitives.ReadInt64LittleEndian(reader.Body);
        return size == Range.Size && Range.Root().AsSpan().SequenceEqual(reader.Body[sizeof(long)..])
            ? null
            : Failure(LogFailureKind.ChainBroken, segment, reader.Offset, $"the segment's footer is for {size} records and another root.") with
            {
                Sequence = Math.Min(_lastAgreed, size),
                EndSequence = Math.Max(size, Range.Size),
            };
    }

    private LogFailure? Compare(SegmentFile segment, long offset)
    {
        // Looked up by size: whoever kept a checkpoint for each second has millions.
        foreach (var (checkpoint, kind) in _watched.GetValueOrDefault(Range.Size) ?? [])
        {
            if (Compare(segment, offset, checkpoint, kind) is { } failure)
            {
                return failure;
            }
        }

        return null;
    }

    private LogFailure? Compare(SegmentFile segment, long offset, Checkpoint checkpoint, LogFailureKind kind)
    {
        if (checkpoint.Size == Range.Size && Range.Root().AsSpan().SequenceEqual(checkpoint.Root))
        {
            _lastAgreed = Range.Size;
            return null;
        }

        var what = kind == LogFailureKind.Forked ? "a checkpoint that was kept elsewhere" : "a checkpoint";
        return Failure(kind, segment, offset, $"{what} signs {checkpoint.Size} other records. Those before {_lastAgreed} are as they were signed.") with
        {
            Sequence = Math.Min(_lastAgreed, checkpoint.Size),
            EndSequence = Math.Max(checkpoint.Size, Range.Size),
        };
    }
}
