namespace SecureInference;

/// <summary>How much memory of a GPU is taken at once, when what is there does not suffice.</summary>
public enum CudaArenaExtendStrategy
{
    /// <summary>As much as is asked for.</summary>
    SameAsRequested,

    /// <summary>Twice as much each time: fewer requests of the driver, and up to twice the memory.</summary>
    NextPowerOfTwo,
}
