namespace SecureInference;

/// <summary>What became of a reload.</summary>
public enum ModelReloadOutcome
{
    /// <summary>Every version that is wanted was loaded anew, and serves.</summary>
    Reloaded,

    /// <summary>Something could not be loaded; what served before goes on in its place.</summary>
    Failed,

    /// <summary>There is no model of this name.</summary>
    Unknown,
}
