namespace SecureInference.Pipeline.Auditing.Log;

/// <summary>Reads records without checking more than their checksums: quick, from any place. What must be proven is checked with <see cref="LogVerifier"/>.</summary>
internal sealed class LogReader(LogFolder folder)
{
    /// <summary>Shows the records from one on to the visitor, up to what is not whole.</summary>
    /// <returns>One beyond the last record that was seen, or the start where there is none.</returns>
    /// <exception cref="IOException">The log cannot be read.</exception>
    public long Read(long start, RecordVisitor visitor)
    {
        var contents = LogContents.Read(folder, []);
        var end = start;
        for (var index = 0; index < contents.Segments.Count; index++)
        {
            var next = index + 1 < contents.Headers.Count ? contents.Headers[index + 1]?.FirstSequence ?? long.MaxValue : long.MaxValue;
            if (next > start && contents.Headers[index] is { } header)
            {
                end = Read(contents.Segments[index], header.FirstSequence, next, start, visitor);
            }
        }

        return end;
    }

    private long Read(SegmentFile segment, long sequence, long limit, long start, RecordVisitor visitor)
    {
        using var reader = new SegmentReader(LogContents.Open(folder, segment));
        while (sequence < limit && reader.Read() == FrameStatus.Whole)
        {
            if (reader.Type == FrameType.Record)
            {
                if (sequence >= start)
                {
                    visitor(sequence, reader.Body, []);
                }

                sequence++;
            }
        }

        return sequence;
    }
}
