namespace SecureInference.Runtime.Batching;

/// <summary>One timer for the deadlines of many requests: it is set to the first, and set again only for an earlier one. Used under its owner's lock.</summary>
internal sealed class DeadlineTimer : IDisposable
{
    /// <summary>Timers are no finer.</summary>
    private static readonly TimeSpan Least = TimeSpan.FromMilliseconds(1);

    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private long _next = long.MaxValue;

    public DeadlineTimer(TimeProvider time, Action expired)
    {
        _time = time;
        using (ExecutionContext.SuppressFlow())
        {
            _timer = time.CreateTimer(static expired => (expired as Action)?.Invoke(), expired, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Returns the time stamp of a moment to come.</summary>
    public long DeadlineOf(long now, TimeSpan timeout) => now + (long)(timeout.TotalSeconds * _time.TimestampFrequency);

    /// <summary>Sees to it that the owner is called at a deadline.</summary>
    public void Arm(long deadline, long now)
    {
        if (deadline < _next)
        {
            _next = deadline;
            var left = _time.GetElapsedTime(now, deadline);
            _timer.Change(left > Least ? left : Least, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Says that the owner was called, and of which deadline it is to be told next.</summary>
    public void Rearm(long next, long now)
    {
        _next = long.MaxValue;
        if (next != long.MaxValue)
        {
            Arm(next, now);
        }
    }

    public void Dispose() => _timer.Dispose();
}
