namespace SecureInference.Pipeline.Auditing.Log;

/// <summary>How a log is written.</summary>
internal sealed record LogSettings
{
    /// <summary>Gets whether each commit waits for the disk; otherwise checkpoints do, and every 4 MiB.</summary>
    public bool SyncsEachCommit { get; init; } = true;

    public TimeSpan CheckpointInterval { get; init; } = TimeSpan.FromSeconds(1);

    public int CheckpointRecords { get; init; } = 10_000;

    public long SegmentBytes { get; init; } = 64L << 20;

    public TimeSpan SegmentAge { get; init; } = TimeSpan.FromDays(1);

    /// <summary>Gets how long records are kept; <see langword="null"/> for ever.</summary>
    public TimeSpan? KeepFor { get; init; }

    /// <summary>Gets how many sealed segments are kept; <see langword="null"/> for all.</summary>
    public int? KeepSegments { get; init; }

    /// <summary>Gets whether a log that is not as it was left is set aside, and a new one begun, instead of stopping the start.</summary>
    public bool StartsInSpiteOfAlarm { get; init; }
}
