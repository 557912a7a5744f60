namespace SecureInference.Pipeline.Auditing.Sinks;

/// <summary>Carries batches to one sink on a thread of its own: a sink that stops taking stops neither the log nor the other sinks, until what waits for it fills the queue.</summary>
internal sealed class SinkPump : IDisposable
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(250);

    private readonly Queue<AuditBatch> _batches = new();
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _signal = new(0);
    private readonly ManualResetEventSlim _stop = new();
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly IAuditSink _sink;
    private readonly AuditTelemetry _telemetry;
    private readonly Thread _thread;
    private bool _isDisposed;

    public SinkPump(IAuditSink sink, AuditTelemetry telemetry)
    {
        _sink = sink;
        _telemetry = telemetry;
        _thread = new Thread(Run) { Name = "SecureInference audit sink", IsBackground = true };
    }

    private string Name => _sink.GetType().Name;

    public void Start() => _thread.UnsafeStart();

    /// <summary>Takes a batch. One that comes after the end, from a log that a disk held up for longer, goes to no sink.</summary>
    public void Enqueue(AuditBatch batch)
    {
        lock (_lock)
        {
            if (!_isDisposed)
            {
                _batches.Enqueue(batch);
                _signal.Release();
                return;
            }
        }

        batch.Release();
    }

    /// <summary>Offers what is queued, and ends. A sink that still fails is offered each batch once more and no longer: one that never recovers would hold the app up for ever.</summary>
    public Task StopAsync()
    {
        _stop.Set();
        _signal.Release();
        return _stopped.Task;
    }

    public void Dispose()
    {
        _ = StopAsync();

        // A thread that its sink still holds goes on using these.
        if (_thread.ThreadState.HasFlag(ThreadState.Unstarted) || _thread.Join(TimeSpan.FromSeconds(5)))
        {
            lock (_lock)
            {
                _isDisposed = true;
            }

            _signal.Dispose();
            _stop.Dispose();

            // The app's own sinks are its container's to dispose.
            (_sink as FileAuditSink)?.Dispose();
            (_sink as ConsoleAuditSink)?.Dispose();
        }
    }

    private void Run()
    {
        try
        {
            while (true)
            {
                _signal.Wait();
                while (TryTake(out var batch))
                {
                    Offer(batch);
                    batch.Release();
                }

                if (_stop.IsSet)
                {
                    return;
                }
            }
        }
        finally
        {
            _stopped.TrySetResult();
        }
    }

    private bool TryTake([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out AuditBatch? batch)
    {
        lock (_lock)
        {
            return _batches.TryDequeue(out batch);
        }
    }

    private void Offer(AuditBatch batch)
    {
        var isFailing = false;
        var isLastTry = false;
        while (!TryWrite(batch, ref isFailing))
        {
            if (isLastTry)
            {
                _telemetry.SinkMissedRecords(batch.Records.Length, Name);
                return;
            }

            isLastTry = _stop.Wait(RetryDelay);
        }
    }

    private bool TryWrite(AuditBatch batch, ref bool isFailing)
    {
        try
        {
            if (batch.Records.Length > 0)
            {
                _sink.Write(batch.Records);
            }

            if (batch.Checkpoint is { } checkpoint)
            {
                _sink.WriteCheckpoint(checkpoint);
            }
        }
#pragma warning disable CA1031 // Whatever a sink of the team's own throws, the log must live on.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            if (!isFailing)
            {
                isFailing = true;
                _telemetry.SinkFailed(exception, Name);
            }

            return false;
        }

        if (isFailing)
        {
            _telemetry.SinkRecovered(Name);
        }

        return true;
    }
}
