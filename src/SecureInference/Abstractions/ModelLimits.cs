namespace SecureInference;

/// <summary>What one request may ask of a model.</summary>
/// <param name="MaxRows">The largest first dimension where it varies.</param>
/// <param name="MaxTensorElements">The most elements in one tensor.</param>
/// <param name="MaxBytesLength">The most bytes in one BYTES tensor, lengths included.</param>
/// <param name="AllowNonFinite">Whether inputs may hold NaN and infinities.</param>
public sealed record ModelLimits(int MaxRows, int MaxTensorElements, int MaxBytesLength, bool AllowNonFinite)
{
    /// <summary>Gets the most bytes of all outputs of one request, in the protocol's binary form.</summary>
    public long MaxOutputBytes { get; init; } = ModelOptions.DefaultMaxOutputBytes;
}
