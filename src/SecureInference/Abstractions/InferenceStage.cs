namespace SecureInference;

/// <summary>The guards that a request passes, in their one order.</summary>
public enum InferenceStage
{
    /// <summary>Is the road safe?</summary>
    Arrival,

    /// <summary>Opens the record, so that every later refusal is on it.</summary>
    Auditing,

    /// <summary>Who is this?</summary>
    Authentication,

    /// <summary>May they use this?</summary>
    Authorization,

    /// <summary>May they use it now?</summary>
    RateLimiting,
}
