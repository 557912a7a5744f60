namespace SecureInference;

/// <summary>Counts the requests that go on, and closes the door when the app stops.</summary>
internal sealed class DrainState
{
    private readonly TaskCompletionSource _closing = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _inFlight;
    private volatile bool _draining;

    public bool IsDraining => _draining;

    /// <summary>Gets a task that completes when the door closes.</summary>
    public Task Closing => _closing.Task;

    public int InFlight => Volatile.Read(ref _inFlight);

    /// <summary>Lets a request in, unless the door is closed; every entry is followed by one <see cref="Leave"/>.</summary>
    public bool TryEnter()
    {
        // Counted before the door is looked at: a drain that starts between the two waits for this request.
        Interlocked.Increment(ref _inFlight);
        if (!_draining)
        {
            return true;
        }

        Leave();
        return false;
    }

    public void Leave()
    {
        // Looked at again once the door is known to be closed: between the decrement and the door, another may have come in.
        if (Interlocked.Decrement(ref _inFlight) == 0 && _draining && InFlight == 0)
        {
            _idle.TrySetResult();
        }
    }

    /// <summary>Closes the door; the task completes when the last request has left.</summary>
    public Task DrainAsync()
    {
        _draining = true;
        Interlocked.MemoryBarrier();
        _closing.TrySetResult();
        if (InFlight == 0)
        {
            _idle.TrySetResult();
        }

        return _idle.Task;
    }
}
