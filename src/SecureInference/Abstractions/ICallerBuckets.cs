namespace SecureInference;

/// <summary>Knows how buckets are to be read.</summary>
internal interface ICallerBuckets
{
    /// <summary>Says whether a caller's state remembers nothing: every bucket is full, no request goes on, nothing of today was used.</summary>
    /// <param name="state">The state.</param>
    /// <param name="bucket">Its bucket of tokens, as it was read.</param>
    /// <param name="now">The time.</param>
    bool AreFull(CallerState state, long bucket, long now);
}
