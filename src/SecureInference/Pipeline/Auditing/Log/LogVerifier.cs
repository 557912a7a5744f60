namespace SecureInference.Pipeline.Auditing.Log;

/// <summary>Checks a log, whole: segments, checksums, tree, checkpoints. It writes nothing, and the log may grow meanwhile.</summary>
internal sealed class LogVerifier(LogFolder folder, IReadOnlyList<CheckpointKey> trusted)
{
    /// <summary>Gets checkpoints that were kept elsewhere; the log must go on from each.</summary>
    public IReadOnlyList<Checkpoint> Known { get; init; } = [];

    /// <summary>Gets whether the last segment may end within a frame, as that of a log in use does.</summary>
    public bool AllowsUnfinishedTail { get; init; }

    /// <summary>Gets who sees each record, before anything is known of it but its checksum.</summary>
    public RecordVisitor? Visitor { get; init; }

    /// <summary>Gets who is told of the bytes that are done, and of all.</summary>
    public Action<long, long>? Progress { get; init; }

    /// <summary>Checks the log.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public LogVerification Verify()
    {
        var contents = LogContents.Read(folder, trusted);
        using var walk = new LogWalk(contents.Origin, Visitor);
        var unfinished = 0L;
        var failure = contents.Failure ?? Watch(contents, walk) ?? Walk(contents, walk, out unfinished);

        // What is missing for certain says more than an end that may be that of a log in use.
        failure = failure is null or { Kind: LogFailureKind.UnfinishedTail } ? Finish(contents, walk) ?? failure : failure;
        return new LogVerification
        {
            Failure = failure,
            Origin = contents.Origin,
            FirstSequence = contents.Headers is [{ } first, ..] ? first.FirstSequence : 0,
            Size = walk.Range.Size,
            Root = walk.Range.Root(),
            SignedSize = contents.Checkpoint?.Size ?? 0,
            Checkpoint = contents.Checkpoint,
            Segments = contents.Segments.Count,
            UnfinishedBytes = unfinished,
        };
    }

    private LogFailure? Watch(LogContents contents, LogWalk walk)
    {
        if (contents.Checkpoint is { } signed)
        {
            walk.Watch(signed.Checkpoint, LogFailureKind.RecordsChanged);
        }

        var first = contents.Headers is [{ } header, ..] ? header.FirstSequence : 0;
        foreach (var known in Known)
        {
            if (known.Origin != contents.Origin)
            {
                return new LogFailure(LogFailureKind.ForeignLog, $"the checkpoint that was kept elsewhere is of the log {known.Origin}, and this one is {contents.Origin}.");
            }

            if (known.Size < first)
            {
                return new LogFailure(LogFailureKind.KnownCheckpointTooOld, $"the checkpoint that was kept elsewhere signs {known.Size} records, and retention removed those before {first}. Give a newer one.");
            }

            walk.Watch(known, LogFailureKind.Forked);
        }

        return null;
    }

    private LogFailure? Walk(LogContents contents, LogWalk walk, out long unfinished)
    {
        unfinished = 0;
        var files = new List<LogFile>();
        try
        {
            // All are opened before any is read: retention cannot take them away meanwhile.
            files.AddRange(contents.Segments.Select(segment => LogContents.Open(folder, segment)));
            var total = files.Sum(static file => file.Length);
            var done = 0L;
            for (var index = 0; index < files.Count; index++)
            {
                using var reader = new SegmentReader(files[index]);
                if (Walk(contents, walk, index, reader, out unfinished) is { } failure)
                {
                    return failure;
                }

                done += reader.Length;
                Progress?.Invoke(done, Math.Max(total, done));
            }

            return null;
        }
        finally
        {
            files.ForEach(static file => file.Dispose());
        }
    }

    private LogFailure? Walk(LogContents contents, LogWalk walk, int index, SegmentReader reader, out long unfinished)
    {
        unfinished = 0;
        var segment = contents.Segments[index];
        var isLast = index == contents.Segments.Count - 1;
        if (contents.Headers[index] is not { } header)
        {
            return Unfinished(walk, segment, reader, -1, out unfinished);
        }

        if (CheckpointKey.TryParse(header.Key) is not { } key)
        {
            return walk.Failure(LogFailureKind.BadHeader, segment, 0, "its key is none.");
        }

        var limit = isLast || segment.IsSealed ? long.MaxValue : contents.Headers[index + 1]?.FirstSequence ?? long.MaxValue;
        var status = FrameStatus.End;
        if ((walk.Enter(segment, header, index == 0) ?? walk.Walk(segment, reader, key, limit, out status)) is { } failure)
        {
            return failure;
        }

        if (status == FrameStatus.End && (walk.HasMetFooter || !segment.IsSealed))
        {
            return null;
        }

        return segment.IsSealed || status == FrameStatus.Whole ? walk.Failure(LogFailureKind.BadFrame, segment, reader.End, "the segment is damaged or cut here.")
            : !isLast ? walk.Range.Size == limit ? null : walk.Failure(LogFailureKind.BadFrame, segment, reader.End, "the segment is damaged here.")
            : status == FrameStatus.Damaged ? walk.Failure(LogFailureKind.BadFrame, segment, reader.End, "the segment is damaged here.")
            : Unfinished(walk, segment, reader, reader.End, out unfinished);
    }

    private LogFailure? Unfinished(LogWalk walk, SegmentFile segment, SegmentReader reader, long offset, out long unfinished)
    {
        unfinished = reader.Length - Math.Max(offset, 0);
        return reader.HasFrameAfter(offset) ? walk.Failure(offset < 0 ? LogFailureKind.BadHeader : LogFailureKind.BadFrame, segment, Math.Max(offset, 0), "the segment is damaged here.")
            : AllowsUnfinishedTail ? null
            : walk.Failure(LogFailureKind.UnfinishedTail, segment, Math.Max(offset, 0), "the segment ends within a frame: it is being written, or its process died, or it was cut.");
    }

    private LogFailure? Finish(LogContents contents, LogWalk walk)
    {
        var size = walk.Range.Size;
        var known = Known.FirstOrDefault(known => known.Size > size);
        // One that is there by now was written after this check began.
        return contents.Checkpoint is null && walk.HasMetCheckpoint && !folder.Exists(LogNames.Checkpoint)
                ? new LogFailure(LogFailureKind.BadFile, $"{LogNames.Checkpoint}: it is missing.") { File = LogNames.Checkpoint }
            : contents.Checkpoint is null && size > 0
                ? new LogFailure(LogFailureKind.Unsigned, $"no checkpoint signs any of the {size} records.") { Sequence = 0, EndSequence = size }
            : contents.Checkpoint?.Size > size
                ? new LogFailure(LogFailureKind.Truncated, $"the newest checkpoint signs {contents.Checkpoint.Size} records, and there are {size}.") { Sequence = size, EndSequence = contents.Checkpoint.Size }
            : known is not null
                ? new LogFailure(LogFailureKind.RolledBack, $"a checkpoint that was kept elsewhere signs {known.Size} records, and there are {size}.") { Sequence = size, EndSequence = known.Size }
            : null;
    }
}
