using SecureInference.Pipeline.Auditing.Log;

namespace SecureInference.Tool.Audit;

/// <summary>Reads the checkpoints that lie between the records of a log.</summary>
internal sealed class LogCheckpoints(AuditedFolder folder)
{
    /// <summary>Shows the checkpoints, the oldest first; where keys are trusted, only what they signed.</summary>
    public void Read(long end, Action<SignedCheckpoint> visit) => folder.Reading(() =>
    {
        var contents = LogContents.Read(folder.Disk, folder.Trusted);
        var last = -1L;
        foreach (var segment in contents.Segments)
        {
            using var reader = new SegmentReader(LogContents.Open(folder.Disk, segment));
            while (reader.Read() == FrameStatus.Whole)
            {
                if (reader.Type == FrameType.Checkpoint && SignedCheckpoint.TryParse(reader.Body) is { } checkpoint
                    && checkpoint.Size > last && checkpoint.Size <= end && IsTrusted(contents, checkpoint))
                {
                    last = checkpoint.Size;
                    visit(checkpoint);
                }
            }
        }

        return last;
    });

    private bool IsTrusted(LogContents contents, SignedCheckpoint checkpoint) =>
        folder.Trusted.Count == 0 || contents.Trust.Keys.Any(key => checkpoint.IsSignedBy(key) == true);
}
