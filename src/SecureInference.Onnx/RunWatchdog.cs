namespace SecureInference.Onnx;

/// <summary>Ends runs that take longer than they may: what a file says of its cost is an estimate, and time is not.</summary>
internal sealed class RunWatchdog : IDisposable
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    private readonly IReadOnlyList<Lane> _lanes;
    private readonly TimeSpan _limit;
    private readonly Action _ending;
    private readonly ITimer _timer;

    /// <param name="lanes">The lanes that are watched.</param>
    /// <param name="limit">The longest that a run may take.</param>
    /// <param name="time">The clock.</param>
    /// <param name="ending">Told of each run before it is ended.</param>
    public RunWatchdog(IReadOnlyList<Lane> lanes, TimeSpan limit, TimeProvider time, Action ending)
    {
        _lanes = lanes;
        _limit = limit;
        _ending = ending;
        var period = limit / 8 > Longest ? Longest : limit / 8 < Shortest ? Shortest : limit / 8;
        // The timer knows the lanes, not the request in whose time the model was loaded.
        using (ExecutionContext.SuppressFlow())
        {
            _timer = time.CreateTimer(static watchdog => (watchdog as RunWatchdog)?.Look(), this, period, period);
        }
    }

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        foreach (var lane in _lanes)
        {
            lane.TerminateAfter(_limit, _ending);
        }
    }
}
