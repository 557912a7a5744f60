namespace SecureInference.Runtime.Batching;

/// <summary>A lane's own thread: runs one batch after the other, and sleeps where there is none.</summary>
#pragma warning disable CA1001 // The thread may wait on the semaphore to the last; without a wait handle it holds nothing but memory.
internal sealed class LaneWorker(RequestLine line, Action<RunningBatch> run, string name, ModelMetadata metadata)
#pragma warning restore CA1001
{
    private readonly SemaphoreSlim _wake = new(0);
    private Thread? _thread;

    /// <summary>Gets what it runs.</summary>
    public RunningBatch Batch { get; private set; } = new(metadata);

    /// <summary>Gets or sets whether it holds a lane; changed under the line's lock.</summary>
    public bool HasLane
    {
        get => Volatile.Read(ref field);
        set => Volatile.Write(ref field, value);
    }

    /// <summary>Gets or sets whether it was sent to the queue and has not come there; changed under the line's lock.</summary>
    public bool IsComing { get; set; }

    /// <summary>Gets or sets whether it is to end; changed under the line's lock.</summary>
    public bool IsEnded
    {
        get => Volatile.Read(ref field);
        set => Volatile.Write(ref field, value);
    }

    /// <summary>Wakes the thread, which starts with the first call.</summary>
    public void Wake()
    {
        _wake.Release();
        if (_thread is null && !IsEnded && Interlocked.CompareExchange(ref _thread, CreateThread(), null) is null)
        {
            // It outlives the request that starts it, and must not keep its context.
            _thread.UnsafeStart();
        }
    }

    /// <summary>Waits for more requests, until it is woken or time is up.</summary>
    public void WaitForCompany(TimeSpan longest) => _wake.Wait(longest);

    /// <summary>Gets a batch of its own for the thread that takes the place of one that died; under the line's lock.</summary>
    /// <returns>What the dead thread leaves behind.</returns>
    public RunningBatch Renew()
    {
        var left = Batch;
        Batch = new RunningBatch(metadata);
        return left;
    }

    private Thread CreateThread() => new(Loop) { IsBackground = true, Name = name };

    private void Loop()
    {
        try
        {
            Serve();
        }
#pragma warning disable CA1031 // Whatever ends this thread must end neither the process nor the lane.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            line.Replace(this, exception);
            _thread = CreateThread();
            _thread.UnsafeStart();
        }
    }

    private void Serve()
    {
        while (true)
        {
            while (HasLane && line.TryTake(this))
            {
                run(Batch);
            }

            if (IsEnded)
            {
                Batch.Dispose();
                return;
            }

            // It may be woken for what it has seen to by now.
            _wake.Wait();
        }
    }
}
