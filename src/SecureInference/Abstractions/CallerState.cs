namespace SecureInference;

/// <summary>What changes about a caller from request to request; it outlives keys, tokens and reloads.</summary>
internal sealed class CallerState
{
    /// <summary>The caller's token bucket: its theoretical arrival time, changed by compare-and-swap only.</summary>
    public long Bucket;

    /// <summary>A bucket that is full again in 146 years. It grants nothing and is never changed: whoever was refused looks for the state in force.</summary>
    private const long Evicted = long.MaxValue / 2;

    /// <summary>Gets whether another state is in force for the subject, or will be once somebody asks for it.</summary>
    public bool IsEvicted => Volatile.Read(ref Bucket) == Evicted;

    /// <summary>Takes the state out of force where nothing would be forgotten: its bucket is full, and nobody takes from it in this moment.</summary>
    public bool TryEvict(long now)
    {
        var seen = Volatile.Read(ref Bucket);
        return seen <= now && Interlocked.CompareExchange(ref Bucket, Evicted, seen) == seen;
    }
}
