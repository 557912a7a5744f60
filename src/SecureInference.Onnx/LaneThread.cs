namespace SecureInference.Onnx;

/// <summary>A lane's own thread; it waits for one run at a time.</summary>
internal sealed class LaneThread : IDisposable
{
    // Never disposed: the thread may wait on it to the last, and it holds nothing but memory.
    private readonly SemaphoreSlim _work = new(0);
    private LaneRun? _next;

    public LaneThread(string name)
    {
        var thread = new Thread(Loop) { IsBackground = true, Name = name };
        // The thread outlives the request that starts it, and must not keep its context.
        thread.UnsafeStart();
    }

    /// <summary>Starts a run; the one before has ended.</summary>
    public void Start(LaneRun run)
    {
        _next = run;
        _work.Release();
    }

    /// <summary>Ends the thread once it has nothing to do.</summary>
    public void Dispose() => _work.Release();

    private void Loop()
    {
        while (true)
        {
            _work.Wait();
            // Taken before it is executed: its end lets the next caller in, who sets the field again.
            if (Interlocked.Exchange(ref _next, null) is not { } run)
            {
                return;
            }

            run.Execute();
        }
    }
}
