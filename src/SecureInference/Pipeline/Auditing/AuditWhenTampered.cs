namespace SecureInference.Pipeline.Auditing;

/// <summary>What happens at the start where the log was changed since its last checkpoint.</summary>
public enum AuditWhenTampered
{
    /// <summary>The app does not start.</summary>
    Stop,

    /// <summary>The log is put aside whole, and a new one begins.</summary>
    StartNewLog,
}
