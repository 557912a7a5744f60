namespace SecureInference.Pipeline.Auditing.Log;

/// <summary>What is wrong with a log. The set is closed: the tool has an exit code for each.</summary>
internal enum LogFailureKind
{
    /// <summary>There is no log in the folder.</summary>
    NoLog,

    /// <summary>A file beside the segments is missing, or is not as it was written.</summary>
    BadFile,

    /// <summary>A segment has no whole header, or one that contradicts itself or its name.</summary>
    BadHeader,

    /// <summary>A frame is damaged, or the segment ends before it should.</summary>
    BadFrame,

    /// <summary>The last segment ends within a frame: it is being written, or its process died, or it was cut.</summary>
    UnfinishedTail,

    /// <summary>A segment is missing.</summary>
    SegmentMissing,

    /// <summary>A segment does not go on where the one before it ended.</summary>
    ChainBroken,

    /// <summary>A segment belongs to another log, or a known checkpoint does.</summary>
    ForeignLog,

    /// <summary>A checkpoint is malformed, or its signature is false.</summary>
    BadCheckpoint,

    /// <summary>The records are not those that a checkpoint signed.</summary>
    RecordsChanged,

    /// <summary>There are fewer records than the newest checkpoint signed.</summary>
    Truncated,

    /// <summary>A key that is not trusted signed, and no trusted key introduced it.</summary>
    UnknownKey,

    /// <summary>There are records, and no checkpoint signs any.</summary>
    Unsigned,

    /// <summary>A checkpoint that was kept elsewhere signs more records than there are: the log is an older copy.</summary>
    RolledBack,

    /// <summary>A checkpoint that was kept elsewhere signs other records: there are two logs of one name.</summary>
    Forked,

    /// <summary>A checkpoint that was kept elsewhere is older than the oldest record that retention left.</summary>
    KnownCheckpointTooOld,
}
