namespace SecureInference.Pipeline.Auditing.Log;

/// <summary>Removes the oldest segments, whole, once they are too old or too many, and leaves a signed word that it did.</summary>
internal sealed class LogRetention(LogFolder folder, LogSettings settings, SigningKey key, string origin, IEnumerable<SealedSegment> segments, TimeProvider time)
{
    private readonly Queue<SealedSegment> _segments = new(segments);

    public void Add(SealedSegment segment) => _segments.Enqueue(segment);

    /// <summary>Removes what is due, of what a checkpoint signed. What the disk refuses is tried again after the next rotation.</summary>
    public void Apply(long signedSize)
    {
        SealedSegment? last = null;
        var removed = 0;
        foreach (var segment in _segments)
        {
            // One stays: a log without any segment could not say how it ended.
            if (segment.EndSize > signedSize || removed == _segments.Count - 1 || !IsDue(segment, _segments.Count - removed))
            {
                break;
            }

            last = segment;
            removed++;
        }

        if (last is not { } anchor)
        {
            return;
        }

        try
        {
            folder.Replace(LogNames.Anchor, new LogAnchor(origin, anchor.Number, anchor.EndSize, anchor.EndRoot).Sign(key));
            for (; removed > 0; removed--)
            {
                _segments.Dequeue();
            }

            Remove(anchor.Number);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The anchor covers what is left of them, removed or not.
        }
    }

    private bool IsDue(SealedSegment segment, int count) =>
        (settings.KeepSegments is { } keep && count > keep)
        || (settings.KeepFor is { } age && LogClock.Nanoseconds(time) - segment.EndedNanoseconds > LogClock.Nanoseconds(age));

    /// <summary>Removes what the anchor covers, and what an earlier try left.</summary>
    private void Remove(long upTo)
    {
        foreach (var name in folder.Names())
        {
            if (LogNames.TryParseSegment(name, out var segment) && segment.Number <= upTo)
            {
                folder.Delete(name);
            }
        }
    }
}
