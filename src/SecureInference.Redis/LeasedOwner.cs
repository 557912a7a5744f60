namespace SecureInference.Redis;

/// <summary>The stocks that this node keeps for one owner, behind one lock: a call takes from all its buckets or from none, and no token twice.</summary>
internal sealed class LeasedOwner(LeaseTable table)
{
    private readonly Lock _lock = new();
    private readonly List<LeasedBucket> _buckets = [];
    private bool _isDropped;

    /// <summary>Serves the demands from the stocks, where each holds enough.</summary>
    public bool TryTake(ReadOnlySpan<SharedDemand> demands)
    {
        var now = table.Now;
        lock (_lock)
        {
            var asks = false;
            foreach (var demand in demands)
            {
                if (Find(demand, now) is not { } bucket || bucket.Stock < demand.Tokens)
                {
                    return false;
                }

                asks |= demand.Tokens > 0;
            }

            // Who only wants to know where the buckets stand is told by Redis.
            if (!asks)
            {
                return false;
            }

            foreach (var demand in demands)
            {
                Find(demand, now)?.Take(demand, now);
            }

            return true;
        }
    }

    /// <summary>Sets aside what the stocks can give towards the demands, and says how much to take in advance.</summary>
    public LeaseRequest? Request(ReadOnlySpan<SharedDemand> demands)
    {
        var now = table.Now;
        lock (_lock)
        {
            if (_isDropped)
            {
                return null;
            }

            var request = new LeaseRequest(this, demands.Length);
            for (var index = 0; index < demands.Length; index++)
            {
                var demand = demands[index];
                if (table.SizeFor(demand) is not (> 0 and var size))
                {
                    continue;
                }

                var bucket = Find(demand, now) ?? Add(demand.Bucket);
                var reserved = Math.Min(bucket.Stock, demand.Tokens);
                bucket.Stock -= reserved;

                // What calls under way may bring or put back counts too. A call that only looks takes nothing.
                var extra = demand.Tokens == 0 ? 0 : Math.Max(0, size - bucket.Stock - bucket.Pending - reserved);
                bucket.Pending += extra + reserved;
                request.Set(index, bucket, reserved, extra);
            }

            return request;
        }
    }

    public void Settle(LeaseRequest request, ReadOnlySpan<SharedDemand> demands, SharedOutcome outcome)
    {
        var now = table.Now;
        lock (_lock)
        {
            for (var index = 0; index < demands.Length; index++)
            {
                request.SettleOne(index, demands[index], outcome, now, table.Time);
            }
        }
    }

    /// <summary>Puts back what was taken from a stock; beyond the size of a lease it is lost, which errs on the strict side.</summary>
    public void GiveBack(SharedDemand demand)
    {
        var now = table.Now;
        lock (_lock)
        {
            if (Find(demand, now) is { } bucket)
            {
                bucket.Stock += Math.Max(0, Math.Min(demand.Tokens, table.SizeFor(demand) - bucket.Stock - bucket.Pending));
            }
        }
    }

    /// <summary>Gives up the stocks, where none was used for long.</summary>
    public bool TryDrop(long now)
    {
        lock (_lock)
        {
            _isDropped = _buckets.TrueForAll(bucket => bucket.IsIdle(now));
            if (_isDropped)
            {
                _buckets.Clear();
            }

            return _isDropped;
        }
    }

    private LeasedBucket? Find(SharedDemand demand, long now)
    {
        foreach (var bucket in _buckets)
        {
            if (bucket.Name == demand.Bucket)
            {
                bucket.Look(now);
                return bucket;
            }
        }

        return null;
    }

    private LeasedBucket Add(string name)
    {
        var bucket = new LeasedBucket(name);
        _buckets.Add(bucket);
        return bucket;
    }
}
