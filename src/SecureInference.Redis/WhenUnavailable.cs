namespace SecureInference.Redis;

/// <summary>What becomes of requests while Redis cannot be asked.</summary>
public enum WhenUnavailable
{
    /// <summary>Each node keeps its share of the limits by itself.</summary>
    Local,

    /// <summary>No request that a shared limit stands before passes.</summary>
    FailClosed,

    /// <summary>Every request passes.</summary>
    FailOpen,
}
