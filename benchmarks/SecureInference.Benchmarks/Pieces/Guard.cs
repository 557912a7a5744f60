namespace SecureInference.Benchmarks.Pieces;

/// <summary>How far a request goes through the guards.</summary>
public enum Guard
{
    /// <summary>Through none: what the measurement itself costs.</summary>
    None,

    /// <summary>The road, and the security headers.</summary>
    Arrival,

    /// <summary>The caller, by an API key.</summary>
    Authentication,

    /// <summary>The right to the model.</summary>
    Authorization,

    /// <summary>The caller's bucket, and the headers that tell of it.</summary>
    RateLimiting,
}
