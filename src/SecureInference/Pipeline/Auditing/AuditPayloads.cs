namespace SecureInference.Pipeline.Auditing;

/// <summary>What is kept of what callers send and models answer.</summary>
public enum AuditPayloads
{
    /// <summary>Nothing but names, types, shapes and sizes.</summary>
    None,

    /// <summary>A salted commitment in the record, which shows later whether a payload that somebody presents is the one; its salt lies apart, and can be erased.</summary>
    Commitment,

    /// <summary>The commitment, and the payload itself, apart from the log and encrypted for each caller with a key of its own, and can be erased.</summary>
    Stored,
}
