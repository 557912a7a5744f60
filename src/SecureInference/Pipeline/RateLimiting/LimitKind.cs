namespace SecureInference.Pipeline.RateLimiting;

/// <summary>Where a limit's count is kept.</summary>
internal enum LimitKind
{
    /// <summary>In the caller's own bucket.</summary>
    Caller,

    /// <summary>In the caller's bucket of bytes.</summary>
    CallerBytes,

    /// <summary>In the caller's count of the day.</summary>
    CallerDay,

    /// <summary>In the caller's bucket for one model.</summary>
    CallerModel,

    /// <summary>In a bucket that many callers take from.</summary>
    Total,
}
