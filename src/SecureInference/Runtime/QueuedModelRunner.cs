namespace SecureInference.Runtime;

/// <summary>A bounded queue before an engine's lanes, and a deadline over the wait and the run.</summary>
#pragma warning disable CA1001 // A semaphore whose wait handle nobody asks for holds nothing that needs disposal.
internal sealed class QueuedModelRunner : IModelRunner
#pragma warning restore CA1001
{
    private readonly IModelEngine _engine;
    private readonly RuntimeTelemetry _telemetry;
    private readonly TimeProvider _time;

    // Waiters are served in the order in which they came.
    private readonly SemaphoreSlim _lanes;
    private readonly TimeSpan _timeout;
    private readonly int _capacity;
    private int _waiting;

    public QueuedModelRunner(IModelEngine engine, ModelOptions options, RuntimeTelemetry telemetry, TimeProvider time)
    {
        _engine = engine;
        _telemetry = telemetry;
        _time = time;
        _lanes = new SemaphoreSlim(engine.Lanes, engine.Lanes);
        _timeout = options.Timeout;
        _capacity = options.MaxQueueLength;
    }

    public ModelMetadata Metadata => _engine.Metadata;

    public async ValueTask<InferenceResponse> RunAsync(InferenceRequest request, CancellationToken cancellationToken = default)
    {
        var timeout = TimeoutOf(request);
        using var deadline = new CancellationTokenSource(timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            if (!await TryEnterAsync(either.Token))
            {
                _telemetry.QueueFull(Metadata.Name);
                return new InferenceResponse(InferenceErrors.QueueFull(Metadata.Name));
            }

            try
            {
                return await _engine.RunAsync(request, either.Token);
            }
            finally
            {
                _lanes.Release();
            }
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            _telemetry.DeadlineExceeded(Metadata.Name);
            return new InferenceResponse(timeout < _timeout ? InferenceErrors.OwnDeadlineExceeded : InferenceErrors.DeadlineExceeded);
        }
    }

    // A request may shorten the model's time. It cannot ask for none, and what has run out is over.
    private TimeSpan TimeoutOf(InferenceRequest request) => request.Timeout switch
    {
        { } asked when asked != Timeout.InfiniteTimeSpan && asked < TimeSpan.Zero => TimeSpan.Zero,
        { } asked when asked >= TimeSpan.Zero && asked < _timeout => asked,
        _ => _timeout,
    };

    private ValueTask<bool> TryEnterAsync(CancellationToken cancellationToken)
    {
        // Whoever comes now must not overtake those who wait.
        if (Volatile.Read(ref _waiting) == 0 && _lanes.Wait(0, CancellationToken.None))
        {
            return ValueTask.FromResult(true);
        }

        return WaitAsync(cancellationToken);
    }

    private async ValueTask<bool> WaitAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (Interlocked.Increment(ref _waiting) > _capacity)
            {
                return false;
            }

            await _lanes.WaitAsync(cancellationToken);
            return true;
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }
}
