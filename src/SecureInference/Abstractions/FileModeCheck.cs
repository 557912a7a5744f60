namespace SecureInference;

/// <summary>What happens where others may change a model's files.</summary>
public enum FileModeCheck
{
    /// <summary>The model is not loaded.</summary>
    Enforce,

    /// <summary>A warning is logged: for mounts on which modes cannot be set.</summary>
    Warn,
}
