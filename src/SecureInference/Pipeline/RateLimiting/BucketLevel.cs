namespace SecureInference.Pipeline.RateLimiting;

/// <summary>What a bucket holds, by the clock that it fills by.</summary>
/// <param name="Rate">The clock.</param>
/// <param name="Now">The time, in nanoseconds.</param>
/// <param name="FullAt">What the clock shows when the bucket is full.</param>
/// <param name="At">What the clock shows now; where the bucket is full, as much.</param>
internal readonly record struct BucketLevel(BucketRate Rate, long Now, long FullAt, long At)
{
    /// <summary>Gets the whole tokens that are there. A caller's other key may have a larger limit, and so empty the bucket further than this one's goes.</summary>
    public long Left => Math.Max(Rate.Burst - (FullAt - At), 0) / Rate.Scale;

    /// <summary>Gets the nanoseconds until one more is there; 0 where the bucket is full.</summary>
    public long UntilNext => FullAt == At ? 0 : WaitFor(Left + 1);

    /// <summary>Returns the nanoseconds until so many are there.</summary>
    public long WaitFor(long tokens) => Math.Max(Rate.TimeOf(FullAt + (tokens * Rate.Scale) - Rate.Burst) - Now, 0);
}
