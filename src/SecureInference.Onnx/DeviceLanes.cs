namespace SecureInference.Onnx;

/// <summary>The lanes over one device's session; the pool's lock guards which of them are idle.</summary>
internal sealed class DeviceLanes : IDisposable
{
    private readonly OpenedSession _session;
    private readonly Lane[] _lanes;
    private readonly Stack<Lane> _idle;
    private RunWatchdog? _watchdog;

    public DeviceLanes(OpenedSession session, IEnumerable<Lane> lanes)
    {
        _session = session;
        _lanes = [.. lanes];
        _idle = new Stack<Lane>(_lanes);
    }

    public int Count => _lanes.Length;

    /// <summary>Gets the lanes that nobody holds.</summary>
    public int Idle => _idle.Count;

    /// <summary>Gets a lane to warm the device up with, before anybody takes one.</summary>
    public Lane First => _lanes[0];

    public Lane Take() => _idle.Pop();

    // The last one used is the next one used: its memory is warm, and others may never be needed.
    public void Return(Lane lane) => _idle.Push(lane);

    public void Terminate() => Array.ForEach(_lanes, static lane => lane.Terminate());

    /// <summary>Ends runs that take longer than they may, from now on.</summary>
    public void Watch(TimeSpan limit, TimeProvider time, Action ending) => _watchdog = new RunWatchdog(_lanes, limit, time, ending);

    public void Dispose()
    {
        _watchdog?.Dispose();
        Array.ForEach(_lanes, static lane => lane.Dispose());
        _session.Dispose();
    }
}
