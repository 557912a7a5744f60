namespace SecureInference.Runtime.Batching;

/// <summary>Wait for company: brings requests to an engine's lanes, together where they may share a run.</summary>
internal sealed class BatchingModelRunner : IQueuedModelRunner, IModelHealth, IAsyncDisposable
{
    /// <summary>Batches in a row that failed although each of their requests runs: the model cannot take several.</summary>
    private const int MostNeedlesslyApart = 3;

    private readonly IModelEngine _engine;
    private readonly BatchingPlan _plan;
    private readonly RequestLine _line;
    private readonly RuntimeTelemetry _telemetry;
    private readonly FailureStreak _failures;
    private int _needlesslyApart;

    public BatchingModelRunner(IModelEngine engine, BatchingPlan plan, RuntimeTelemetry telemetry, TimeProvider time)
    {
        _engine = engine;
        _plan = plan;
        _telemetry = telemetry;
        _failures = new FailureStreak(time);
        _line = new RequestLine(engine, plan, Run, telemetry, time);
    }

    public ModelMetadata Metadata => _engine.Metadata;

    public bool ForgetsRequests => _engine is IForgetfulEngine;

    /// <summary>Gets whether nothing waits and nothing runs.</summary>
    public bool IsIdle => _line.IsIdle;

    internal RequestLine Line => _line;

    public void Announce() => _line.Lanes.Announce();

    public void Withdraw() => _line.Lanes.Withdraw();

    public ValueTask<InferenceResponse> RunAsync(InferenceRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<InferenceResponse>(cancellationToken);
        }

        var ticket = new Ticket(request, _plan, Volatile.Read(ref _needlesslyApart) < MostNeedlesslyApart);
        if (ticket.Timeout == TimeSpan.Zero)
        {
            _telemetry.DeadlineExceeded(Metadata.Name);
            return ValueTask.FromResult(new InferenceResponse(InferenceErrors.OwnDeadlineExceeded));
        }

        return _line.TryTakeLane(ticket, _engine.EstimateRun(request)) ? RunHereAsync(request, cancellationToken) : _line.Queue(ticket, cancellationToken);
    }

    public InferenceError? FindUnready() => _failures.IsUnready ? InferenceErrors.ModelUnavailable(Metadata.Name) : null;

    /// <summary>Lets the requests that are here end, and then the lanes.</summary>
    public ValueTask DisposeAsync() => _line.DisposeAsync();

    private ValueTask<InferenceResponse> RunHereAsync(InferenceRequest request, CancellationToken cancellationToken)
    {
        var isOver = true;
        try
        {
            var run = _engine.RunAsync(request, cancellationToken);
            isOver = run.IsCompletedSuccessfully;
            return run.IsCompletedSuccessfully ? ValueTask.FromResult(Note(run.Result)) : AwaitHereAsync(run);
        }
#pragma warning disable CA1031 // As on a lane's thread.
        catch (Exception exception) when (isOver && exception is not OperationCanceledException)
#pragma warning restore CA1031
        {
            return ValueTask.FromResult(NoteThrown(exception));
        }
        finally
        {
            if (isOver)
            {
                _line.ReleaseLane();
            }
        }
    }

    private async ValueTask<InferenceResponse> AwaitHereAsync(ValueTask<InferenceResponse> run)
    {
        try
        {
            return Note(await run);
        }
#pragma warning disable CA1031 // As on a lane's thread.
        catch (Exception exception) when (exception is not OperationCanceledException)
#pragma warning restore CA1031
        {
            return NoteThrown(exception);
        }
        finally
        {
            _line.ReleaseLane();
        }
    }

    // On a lane's thread.
    private void Run(RunningBatch batch)
    {
        try
        {
            batch.Run(_engine);
        }
        catch (OperationCanceledException)
        {
            // Nobody waits for it any more: each request knows why.
        }
#pragma warning disable CA1031 // An engine's bug must not end the lane's thread; each request without an answer is told that the model failed.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            NoteThrown(exception);
        }

        _line.EndRun(batch);

        _telemetry.Ran(Metadata.Name, batch.Rows);
        Judge(batch);

        for (var index = 0; index < batch.Requests.Count; index++)
        {
            var response = batch.TakeResponse(index);
            batch.Requests[index].Complete(response is null ? null : Note(response));
        }

        batch.Clear();
    }

    private InferenceResponse NoteThrown(Exception exception)
    {
        _telemetry.RunThrew(Metadata.Name, exception);
        return Note(new InferenceResponse(InferenceErrors.ModelFailed));
    }

    private InferenceResponse Note(InferenceResponse response)
    {
        if (_failures.Note(response.Error))
        {
            _telemetry.Unready(Metadata.Name, FailureStreak.Most);
        }

        return response;
    }

    private void Judge(RunningBatch batch)
    {
        if (batch.WasTakenApart)
        {
            _telemetry.BatchTakenApart(Metadata.Name);
            if (batch.RanAlone && Interlocked.Increment(ref _needlesslyApart) == MostNeedlesslyApart)
            {
                _telemetry.BatchingGivenUp(Metadata.Name);
            }
        }
        else if (batch.Requests.Count > 1 && Volatile.Read(ref _needlesslyApart) < MostNeedlesslyApart)
        {
            Volatile.Write(ref _needlesslyApart, 0);
        }
    }
}
