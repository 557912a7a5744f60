namespace SecureInference.Runtime.Batching;

/// <summary>How fast a queue empties, and so when there is room again. Used under its owner's lock.</summary>
internal sealed class DrainRate(TimeProvider time)
{
    /// <summary>The time over which the rate is taken.</summary>
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    private long _start = time.GetTimestamp();
    private int _ended;
    private double _perSecond;

    public void Count(int requests)
    {
        _ended += requests;
        var elapsed = time.GetElapsedTime(_start);
        if (elapsed >= Window)
        {
            _perSecond = _ended / elapsed.TotalSeconds;
            _ended = 0;
            _start = time.GetTimestamp();
        }
    }

    /// <summary>Returns how long a queue of some requests takes, in whole seconds.</summary>
    public TimeSpan Estimate(int requests)
    {
        var elapsed = time.GetElapsedTime(_start);

        // Of the window that goes on too, where it has shown anything: the last one may be long ago.
        var perSecond = elapsed >= Window || _perSecond == 0 ? _ended / Math.Max(elapsed.TotalSeconds, 0.001) : _perSecond;
        var seconds = perSecond <= 0 ? 1 : Math.Ceiling(requests / perSecond);
        return TimeSpan.FromSeconds(Math.Clamp(seconds, 1, Longest.TotalSeconds));
    }
}
