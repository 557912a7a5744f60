namespace SecureInference.Runtime.Batching;

/// <summary>A lane's own thread: runs one batch after the other, and sleeps where there is none.</summary>
#pragma warning disable CA1001 // The thread may wait on the semaphore to the last; without a wait handle it holds nothing but memory.
internal sealed class LaneWorker(RequestLine line, Action<RunningBatch> run, string name, ModelMetadata metadata)
#pragma warning restore CA1001
{
    private readonly SemaphoreSlim _wake = new(0);
    private Thread? _thread;

    /// <summary>Gets what it runs.</summary>
    public RunningBatch Batch { get; } = new(metadata);

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
        if (_thread is null && !IsEnded && Interlocked.CompareExchange(ref _thread, new Thread(Loop) { IsBackground = true, Name = name }, null) is null)
        {
            // It outlives the request that starts it, and must not keep its context.
            _thread.UnsafeStart();
        }
    }

    /// <summary>Waits for more requests, until it is woken or time is up.</summary>
    public void WaitForCompany(TimeSpan longest) => _wake.Wait(longest);

    private void Loop()
    {
        while (true)
        {
            // It may be woken for what it has seen to by now.
            _wake.Wait();
            while (HasLane && line.TryTake(this))
            {
                run(Batch);
            }

            if (IsEnded)
            {
                Batch.Dispose();
                return;
            }
        }
    }
}
