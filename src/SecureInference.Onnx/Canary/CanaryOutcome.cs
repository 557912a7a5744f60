namespace SecureInference.Onnx.Canary;

/// <summary>How the trial of a model went that came to its end.</summary>
internal enum CanaryOutcome
{
    /// <summary>It was loaded, and ran.</summary>
    Passed,

    /// <summary>It took more memory than the trial may.</summary>
    OutOfMemory,

    /// <summary>It does not load, in a way that does no harm.</summary>
    Refused,
}
