namespace SecureInference.Pipeline.Auditing;

/// <summary>What a record tells. The numbers stand in the log, and are never given to another kind.</summary>
public enum AuditRecordKind
{
    /// <summary>A request of a known caller was let through, or refused.</summary>
    Decision = 1,

    /// <summary>The same request ended. A later outcome of one request amends an earlier one.</summary>
    Outcome = 2,

    /// <summary>Requests of strangers were refused; one record for all of a network and a reason.</summary>
    Refusals = 3,

    /// <summary>Records could not be kept; how many is in the count.</summary>
    Gap = 4,

    /// <summary>The app began to write.</summary>
    Start = 5,

    /// <summary>The app ended in order; a log whose last start has no stop ended otherwise.</summary>
    Stop = 6,

    /// <summary>The log was put in order after an end that was not in order.</summary>
    Recovery = 7,

    /// <summary>A key signs checkpoints from here on.</summary>
    KeyIntroduced = 8,

    /// <summary>A payload, or all of a caller's, were erased.</summary>
    Tombstone = 9,

    /// <summary>A version of a model was loaded.</summary>
    ModelLoaded = 10,

    /// <summary>A version of a model was not loaded.</summary>
    ModelRefused = 11,
}
