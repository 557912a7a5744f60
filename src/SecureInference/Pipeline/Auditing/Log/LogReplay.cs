namespace SecureInference.Pipeline.Auditing.Log;

/// <summary>Replays a log from its newest checkpoint on, cuts a torn tail into quarantine, and seals what was left open.</summary>
internal sealed class LogReplay : IDisposable
{
    private const int MaxPiece = 1 << 20;

    private readonly LogFolder _folder;
    private readonly LogContents _contents;
    private readonly TimeProvider _time;
    private readonly LogWalk _walk;
    private readonly List<string> _quarantine = [];
    private readonly List<SealedSegment> _sealed = [];
    private readonly long _signed;
    private long _nextSegment;
    private long _cut;
    private bool _isClean = true;

    public LogReplay(LogFolder folder, LogContents contents, TimeProvider time)
    {
        _folder = folder;
        _contents = contents;
        _time = time;
        _walk = new LogWalk(contents.Origin);
        _signed = contents.Checkpoint?.Size ?? 0;
        _nextSegment = (contents.Anchor?.Segment ?? 0) + 1;
        if (contents.Checkpoint is { } signed)
        {
            _walk.Watch(signed.Checkpoint, LogFailureKind.RecordsChanged);
        }
    }

    public RecoveryReport Report() => new()
    {
        Origin = _contents.Origin,
        Size = _walk.Range.Size,
        IsClean = _isClean,
        BytesCut = _cut,
        Quarantine = _quarantine,
    };

    public LogState State() => new(_contents.LogId, _walk.Range.Size, _walk.Range.Hashes.ToArray(), _nextSegment, _contents.Checkpoint, _sealed);

    public LogFailure? Run()
    {
        var start = Start();
        for (var index = 0; index < _contents.Segments.Count; index++)
        {
            if (index >= start && Replay(index, index == start) is { } failure)
            {
                return failure;
            }

            Keep(index);
        }

        if (_walk.Range.Size < _signed)
        {
            return new LogFailure(LogFailureKind.Truncated, $"the newest checkpoint signs {_signed} records, and there are {_walk.Range.Size}.") { Sequence = _walk.Range.Size, EndSequence = _signed };
        }

        return _walk.HasMetCheckpoint && _contents.Checkpoint is null
            ? new LogFailure(LogFailureKind.BadFile, $"{LogNames.Checkpoint}: it is missing.") { File = LogNames.Checkpoint }
            : null;
    }

    public void Dispose() => _walk.Dispose();

    /// <summary>The segment that holds the newest checkpoint's last record, or begins after it: what is before was signed, and the tool checks it.</summary>
    private int Start()
    {
        var start = 0;
        for (var index = 0; index < _contents.Headers.Count; index++)
        {
            start = _contents.Headers[index] is { } header && header.FirstSequence <= _signed ? index : start;
        }

        return start;
    }

    private LogFailure? Replay(int index, bool isFirst)
    {
        var segment = _contents.Segments[index];
        var isLast = index == _contents.Segments.Count - 1;
        using var reader = new SegmentReader(_folder.Open(segment.Name));
        if (_contents.Headers[index] is not { } header)
        {
            return SetAsideWhole(segment, reader);
        }

        if (CheckpointKey.TryParse(header.Key) is not { } key)
        {
            return _walk.Failure(LogFailureKind.BadHeader, segment, 0, "its key is none.");
        }

        var limit = isLast || segment.IsSealed ? long.MaxValue : _contents.Headers[index + 1]?.FirstSequence ?? long.MaxValue;
        var status = FrameStatus.End;
        if ((_walk.Enter(segment, header, isFirst) ?? _walk.Walk(segment, reader, key, limit, out status)) is { } failure)
        {
            return failure;
        }

        var isWhole = status == FrameStatus.End;
        if (segment.IsSealed)
        {
            return isWhole && _walk.HasMetFooter ? null : _walk.Failure(LogFailureKind.BadFrame, segment, reader.End, "the sealed segment is damaged here.");
        }

        // What a successor has written again does not count; else a torn end is what a crash leaves, and only beyond what was signed.
        var isSuperseded = _walk.Range.Size == limit;
        if (!isWhole && !isSuperseded && (_walk.Range.Size < _signed || reader.HasFrameAfter(reader.End)))
        {
            return _walk.Failure(LogFailureKind.BadFrame, segment, reader.End, "the segment is damaged here, and no crash does that: whole frames follow, or a checkpoint had signed it.");
        }

        _isClean = false;
        Seal(segment, reader, isWhole);
        return null;
    }

    /// <summary>Keeps in mind what retention needs to know of a segment.</summary>
    private void Keep(int index)
    {
        if (_contents.Headers[index] is null)
        {
            return;
        }

        var next = index + 1 < _contents.Headers.Count ? _contents.Headers[index + 1] : null;
        var ended = next?.CreatedNanoseconds ?? LogClock.Nanoseconds(_time);
        _nextSegment = _contents.Segments[index].Number + 1;
        _sealed.Add(new SealedSegment(_contents.Segments[index].Number, next?.FirstSequence ?? _walk.Range.Size, next?.Root ?? _walk.Range.Root(), ended));
    }

    private LogFailure? SetAsideWhole(SegmentFile segment, SegmentReader reader)
    {
        if (_walk.Range.Size < _signed || reader.HasFrameAfter(-1))
        {
            return _walk.Failure(LogFailureKind.BadHeader, segment, 0, "its header is damaged, and no crash does that: whole frames follow, or a checkpoint had signed it.");
        }

        var name = LogNames.Quarantine(_folder, segment.Number, 0);
        _folder.Rename(segment.Name, name);
        _folder.Sync();
        _quarantine.Add(name);
        _cut += reader.Length;
        _isClean = false;
        return null;
    }

    private void Seal(SegmentFile segment, SegmentReader reader, bool isWhole)
    {
        // One that has its footer may be read-only already, and lack only its name.
        var isFinished = isWhole && _walk.HasMetFooter;
        using (var file = _folder.Open(segment.Name, isWritable: !isFinished))
        {
            if (!isWhole)
            {
                Cut(segment, reader, file);
            }

            if (!_walk.HasMetFooter)
            {
                file.Write(Frame.Footer(_walk.Range), reader.End);
            }

            file.Sync();
        }

        _folder.MakeReadOnly(segment.Name);
        _folder.Rename(segment.Name, LogNames.SealedSegment(segment.Number));
        _folder.Sync();
    }

    private void Cut(SegmentFile segment, SegmentReader reader, LogFile file)
    {
        var name = LogNames.Quarantine(_folder, segment.Number, reader.End);
        using (var quarantine = _folder.Create(name))
        {
            var piece = new byte[(int)Math.Min(MaxPiece, reader.Length - reader.End)];
            for (var at = reader.End; at < reader.Length;)
            {
                var read = file.Read(piece, at);
                quarantine.Write(piece.AsSpan(0, read), at - reader.End);
                at += read;
            }

            quarantine.Sync();
        }

        // What is cut is on disk under its new name before it goes from the old place.
        _folder.Sync();
        file.Cut(reader.End);
        _quarantine.Add(name);
        _cut += reader.Length - reader.End;
    }
}
