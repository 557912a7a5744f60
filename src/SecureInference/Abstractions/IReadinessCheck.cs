namespace SecureInference;

/// <summary>Says whether the app can do its work, for probes and health checks.</summary>
internal interface IReadinessCheck
{
    /// <summary>Returns why it cannot, or <see langword="null"/>.</summary>
    InferenceError? Find();

    /// <summary>Returns what works, but not as it should, or <see langword="null"/>.</summary>
    string? Degraded();
}
