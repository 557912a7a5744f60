namespace SecureInference;

/// <summary>What changes about a caller from request to request; it outlives keys, tokens and reloads.</summary>
internal sealed class CallerState(string subject)
{
    /// <summary>The caller's token bucket, changed by compare-and-swap only.</summary>
    public long Bucket;

    /// <summary>A bucket of a clock that nobody has. It grants nothing and is never changed: whoever was refused looks for the state in force.</summary>
    private const long Evicted = long.MaxValue;

    private CallerUsage? _usage;

    /// <summary>Gets whose state it is.</summary>
    public string Subject { get; } = subject;

    /// <summary>Gets what is counted of the caller beside its bucket, where anything is.</summary>
    public CallerUsage? Usage => Volatile.Read(ref _usage);

    /// <summary>Gets whether another state is in force for the subject, or will be once somebody asks for it.</summary>
    public bool IsEvicted => Volatile.Read(ref Bucket) == Evicted;

    /// <summary>Gets or sets the next state in the same slot of <see cref="CallerStates"/>.</summary>
    internal CallerState? Next
    {
        get => Volatile.Read(ref field);
        set => Volatile.Write(ref field, value);
    }

    /// <summary>Returns what is counted of the caller beside its bucket.</summary>
    public CallerUsage CountUsage() => Usage ?? Interlocked.CompareExchange(ref _usage, new CallerUsage(), null) ?? _usage;

    /// <summary>Takes the state out of force where nothing would be forgotten: its bucket is full, and nobody takes from it in this moment.</summary>
    public bool TryEvict(ICallerBuckets buckets, long now)
    {
        var seen = Volatile.Read(ref Bucket);
        if (seen == Evicted || !buckets.AreFull(this, seen, now) || Interlocked.CompareExchange(ref Bucket, Evicted, seen) != seen)
        {
            return false;
        }

        // Looked at again: what is counted beside the bucket may have begun before the bucket said so. Whoever began it looks at the bucket after; one of the two sees the other.
        if (buckets.AreFull(this, seen, now))
        {
            return true;
        }

        Volatile.Write(ref Bucket, seen);
        return false;
    }
}
