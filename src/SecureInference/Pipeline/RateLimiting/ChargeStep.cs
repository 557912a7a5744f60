namespace SecureInference.Pipeline.RateLimiting;

/// <summary>The two times at which a request is charged.</summary>
internal enum ChargeStep
{
    /// <summary>Before its body is read: the least that it can cost.</summary>
    Least,

    /// <summary>Once its rows and bytes are known: the rest.</summary>
    Rest,
}
