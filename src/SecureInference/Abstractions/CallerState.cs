namespace SecureInference;

/// <summary>What changes about a caller from request to request; it outlives keys, tokens and reloads.</summary>
internal sealed class CallerState
{
    /// <summary>The caller's token bucket: its theoretical arrival time, changed by compare-and-swap only.</summary>
    public long Bucket;
}
