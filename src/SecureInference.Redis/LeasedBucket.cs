namespace SecureInference.Redis;

/// <summary>Tokens of one bucket that this node has taken in advance; its owner's lock is held wherever it is touched.</summary>
internal sealed class LeasedBucket(string name)
{
    private long _left;
    private TimeSpan _untilNext;
    private long _lastUse;
    private long _idleAfter;
    private long _endOfDay = long.MaxValue;

    public string Name { get; } = name;

    /// <summary>Gets or sets the tokens that are there.</summary>
    public long Stock { get; set; }

    /// <summary>Gets or sets the tokens that calls under way may bring or put back.</summary>
    public long Pending { get; set; }

    /// <summary>Empties a day's stock when the day has ended.</summary>
    public void Look(long now)
    {
        if (now >= _endOfDay)
        {
            Stock = 0;
            _endOfDay = long.MaxValue;
        }
    }

    /// <summary>Returns whether it was not used for as long as its bucket takes to fill: by then its tokens are there again for everybody.</summary>
    public bool IsIdle(long now) => Pending == 0 && now - _lastUse > _idleAfter;

    /// <summary>Takes from the stock and says how the bucket stood when Redis was asked last; it is at most that old.</summary>
    public void Take(SharedDemand demand, long now)
    {
        Stock -= demand.Tokens;
        _lastUse = now;
        demand.IsShort = false;
        demand.Wait = TimeSpan.Zero;
        demand.Left = _left + Stock;
        demand.UntilNext = _untilNext;
        demand.Receipt = LeaseTable.Receipt;
    }

    /// <summary>Keeps what Redis has answered, and adds the stock to what the caller is told.</summary>
    public void Learn(SharedDemand demand, long now, TimeProvider time)
    {
        _left = demand.Left;
        _untilNext = demand.UntilNext;
        _lastUse = now;
        var fill = demand.IsDaily ? demand.UntilNext : demand.Period * ((double)demand.Limit / demand.TokensPerPeriod);
        _idleAfter = Ticks(fill, time);
        _endOfDay = demand.IsDaily ? now + Ticks(demand.UntilNext, time) : long.MaxValue;
        demand.Left += Stock;
    }

    private static long Ticks(TimeSpan span, TimeProvider time) => (long)(span.TotalSeconds * time.TimestampFrequency);
}
