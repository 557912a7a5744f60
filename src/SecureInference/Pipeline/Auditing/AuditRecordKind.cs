namespace SecureInference.Pipeline.Auditing;

/// <summary>What a record tells.</summary>
public enum AuditRecordKind
{
    /// <summary>A request of a known caller was let through, or refused.</summary>
    Decision,

    /// <summary>The same request ended.</summary>
    Outcome,

    /// <summary>Requests of strangers were refused; one record for all of a network and a reason.</summary>
    Refusals,

    /// <summary>Records could not be kept; how many is in the count.</summary>
    Gap,
}
