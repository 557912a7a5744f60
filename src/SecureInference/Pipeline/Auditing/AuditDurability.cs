namespace SecureInference.Pipeline.Auditing;

/// <summary>What a power cut may take of the log.</summary>
public enum AuditDurability
{
    /// <summary>What the operating system had not written by itself, at most what came since the last checkpoint, or 4 MiB. A crash of the process alone takes what was queued.</summary>
    None,

    /// <summary>What came in the last 2 milliseconds, and during the disk's last write. Answers do not wait.</summary>
    Batched,

    /// <summary>Nothing that was answered: the decision is on disk before the model runs, and the outcome before the answer leaves; on the app's own endpoints, the decision.</summary>
    PerRequest,
}
