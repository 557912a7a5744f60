namespace SecureInference.Pipeline.Auditing;

/// <summary>What happens to a request that there is no room to record.</summary>
public enum AuditWhenFull
{
    /// <summary>It is refused with 503.</summary>
    Block,

    /// <summary>It goes on unrecorded, and is counted in a record of its own kind.</summary>
    Drop,
}
