namespace SecureInference.Redis;

/// <summary>What one call of Redis has set aside of a node's stocks, and asks for beyond its own need.</summary>
internal sealed class LeaseRequest(LeasedOwner owner, int count)
{
    private readonly LeasedBucket?[] _buckets = new LeasedBucket?[count];
    private readonly long[] _reserved = new long[count];
    private readonly long[] _extra = new long[count];
    private readonly long[] _granted = new long[count];

    public long Reserved(int index) => _reserved[index];

    public long Extra(int index) => _extra[index];

    public void Grant(int index, long granted) => _granted[index] = granted;

    public void Set(int index, LeasedBucket bucket, long reserved, long extra)
    {
        _buckets[index] = bucket;
        _reserved[index] = reserved;
        _extra[index] = extra;
    }

    /// <summary>Puts the grants into the stocks, and back what was set aside where the call has not taken.</summary>
    public void Settle(ReadOnlySpan<SharedDemand> demands, SharedOutcome outcome) => owner.Settle(this, demands, outcome);

    /// <summary>Called under the owner's lock.</summary>
    public void SettleOne(int index, SharedDemand demand, SharedOutcome outcome, long now, TimeProvider time)
    {
        if (_buckets[index] is not { } bucket)
        {
            return;
        }

        bucket.Pending -= _extra[index] + _reserved[index];
        bucket.Stock += outcome == SharedOutcome.Taken ? _granted[index] : _reserved[index];
        if (outcome is SharedOutcome.Taken or SharedOutcome.Short)
        {
            bucket.Learn(demand, now, time);
        }
    }
}
