namespace SecureInference;

/// <summary>What an endpoint does, and so what it demands of its caller.</summary>
public enum InferenceOperation
{
    /// <summary>Demands nothing: health probes.</summary>
    Health,

    /// <summary>Demands any known caller.</summary>
    Discover,

    /// <summary>Demands the right to read about a model, which the right to infer implies.</summary>
    Read,

    /// <summary>Demands the right to run a model.</summary>
    Infer,

    /// <summary>Demands the scope <c>admin</c>.</summary>
    Admin,
}
