using SecureInference.Pipeline.Auditing.Log;

namespace SecureInference.Tool.Audit;

/// <summary>The exit code for each thing that can be wrong with a log; scripts rely on them.</summary>
internal static class LogFailureExit
{
    public static int CodeOf(LogFailureKind kind) => kind switch
    {
        LogFailureKind.NoLog => 10,
        LogFailureKind.BadFile => 11,
        LogFailureKind.BadHeader => 12,
        LogFailureKind.BadFrame => 13,
        LogFailureKind.UnfinishedTail => 14,
        LogFailureKind.SegmentMissing => 15,
        LogFailureKind.ChainBroken => 16,
        LogFailureKind.ForeignLog => 17,
        LogFailureKind.BadCheckpoint => 18,
        LogFailureKind.RecordsChanged => 19,
        LogFailureKind.Truncated => 20,
        LogFailureKind.UnknownKey => 21,
        LogFailureKind.Unsigned => 22,
        LogFailureKind.RolledBack => 23,
        LogFailureKind.Forked => 24,
        LogFailureKind.KnownCheckpointTooOld => 25,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    /// <summary>Says to a person what the failure means for the log.</summary>
    public static string MeaningOf(LogFailureKind kind) => kind switch
    {
        LogFailureKind.NoLog => "There is nothing to check. Is it the right folder? Where it is, the whole log was removed.",
        LogFailureKind.BadFile => "A file beside the records was changed or removed. The server never does that.",
        LogFailureKind.BadHeader => "The beginning of a file was changed. Its records cannot be placed.",
        LogFailureKind.BadFrame => "Bytes were changed or cut here. A crash leaves that only at the very end of a log; the records after it are in doubt.",
        LogFailureKind.UnfinishedTail => "The server writes now, or its process died, or somebody cut the end. Nothing that a checkpoint signs is missing.",
        LogFailureKind.SegmentMissing => "A whole file of records was removed, and not by the server's retention, which leaves a signed anchor.",
        LogFailureKind.ChainBroken => "Records were changed, added or removed, or a file was put in another's place.",
        LogFailureKind.ForeignLog => "Something here is of another log: files were mixed up or put in.",
        LogFailureKind.BadCheckpoint => "A checkpoint was changed, or was made by somebody who does not hold the key.",
        LogFailureKind.RecordsChanged => "Records were changed, added, removed or swapped after they had been signed.",
        LogFailureKind.Truncated => "Records that had been signed were cut off.",
        LogFailureKind.UnknownKey => "The log is signed by another key than yours. Either yours is not the right one, or somebody else wrote this log.",
        LogFailureKind.Unsigned => "Nothing can be proven of these records: the server had no time to sign, or its checkpoints were removed.",
        LogFailureKind.RolledBack => "This is an older copy of the log, or its end was cut off: the signed records that followed are missing.",
        LogFailureKind.Forked => "There are two histories under one name: records were rewritten by somebody who holds the key, or a snapshot of the machine went on.",
        LogFailureKind.KnownCheckpointTooOld => "Nothing is wrong yet: the records that your checkpoint signs were removed by retention, so that it proves nothing here.",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };
}
