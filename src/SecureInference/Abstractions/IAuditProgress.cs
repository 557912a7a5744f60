namespace SecureInference;

/// <summary>Knows how far the audit log is behind the requests.</summary>
internal interface IAuditProgress
{
    /// <summary>Gets the records that are made and not written yet.</summary>
    long RecordsWaiting { get; }

    /// <summary>Gets how long the oldest of them has waited; zero where none does.</summary>
    TimeSpan Lag { get; }
}
