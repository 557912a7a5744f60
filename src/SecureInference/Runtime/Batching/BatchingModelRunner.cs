using System.Diagnostics;

namespace SecureInference.Runtime.Batching;

/// <summary>Wait for company: brings requests to an engine's lanes, together where they may share a run.</summary>
internal sealed class BatchingModelRunner : IQueuedModelRunner, IModelHealth, IQueueReading, IAsyncDisposable
{
    /// <summary>Batches in a row that failed although each of their requests runs: the model cannot take several.</summary>
    private const int MostNeedlesslyApart = 3;

    private readonly IModelEngine _engine;
    private readonly BatchingPlan _plan;
    private readonly RequestLine _line;
    private readonly RuntimeTelemetry _telemetry;
    private readonly TimeProvider _time;
    private readonly FailureStreak _failures;
    private int _needlesslyApart;

    public BatchingModelRunner(IModelEngine engine, BatchingPlan plan, RuntimeTelemetry telemetry, TimeProvider time)
    {
        _engine = engine;
        _plan = plan;
        _telemetry = telemetry;
        _time = time;
        _failures = new FailureStreak(time);
        _line = new RequestLine(engine, plan, Run, telemetry, time);
        telemetry.Follow(this);
    }

    public ModelMetadata Metadata => _engine.Metadata;

    public bool ForgetsRequests => _engine is IForgetfulEngine;

    /// <summary>Gets whether nothing waits and nothing runs.</summary>
    public bool IsIdle => _line.IsIdle;

    public int Waiting => _line.Waiting;

    public int Lanes => _line.Lanes.Workers.Count;

    public int BusyLanes => Lanes - _line.Lanes.Free;

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

        return TraceSource.IsHeard && Activity.Current is { } asker ? TraceAsync(asker, ticket, cancellationToken) : StartAsync(ticket, cancellationToken);
    }

    public InferenceError? FindUnready() => _failures.IsUnready ? InferenceErrors.ModelUnavailable(Metadata.Name) : null;

    /// <summary>Lets the requests that are here end, and then the lanes.</summary>
    public ValueTask DisposeAsync()
    {
        _telemetry.Forget(this);
        return _line.DisposeAsync();
    }

    private ValueTask<InferenceResponse> StartAsync(in Ticket ticket, CancellationToken cancellationToken) =>
        _line.TryTakeLane(ticket, _engine.EstimateRun(ticket.Request)) ? RunHereAsync(ticket, cancellationToken) : _line.Queue(ticket, cancellationToken);

    private async ValueTask<InferenceResponse> TraceAsync(Activity asker, Ticket ticket, CancellationToken cancellationToken)
    {
        var (begun, start) = (_time.GetUtcNow(), _time.GetTimestamp());
        var report = ticket.Request.Report ??= new RunReport();
        report.Clear();
        report.Asker = asker.Context;
        try
        {
            return await StartAsync(ticket, cancellationToken);
        }
        finally
        {
            RunSpans.Tell(Metadata.Name, report, begun, begun + _time.GetElapsedTime(start));
        }
    }

    private ValueTask<InferenceResponse> RunHereAsync(in Ticket ticket, CancellationToken cancellationToken)
    {
        var (isOver, start) = (true, _time.GetTimestamp());
        try
        {
            var run = _engine.RunAsync(ticket.Request, cancellationToken);
            isOver = run.IsCompletedSuccessfully;
            return run.IsCompletedSuccessfully ? ValueTask.FromResult(Note(run.Result)) : AwaitHereAsync(run, ticket.Request, ticket.Rows, start);
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
                EndHere(ticket.Request, ticket.Rows, start);
            }
        }
    }

    private async ValueTask<InferenceResponse> AwaitHereAsync(ValueTask<InferenceResponse> run, InferenceRequest request, int rows, long start)
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
            EndHere(request, rows, start);
        }
    }

    private void EndHere(InferenceRequest request, int rows, long start)
    {
        _line.ReleaseLane();
        var run = _time.GetElapsedTime(start);
        _telemetry.Ran(Metadata.Name, rows, run);
        _telemetry.Waited(Metadata.Name, TimeSpan.Zero);
        request.Report?.Note(TimeSpan.Zero, run);
    }

    // On a lane's thread.
    private void Run(RunningBatch batch)
    {
        var start = _time.GetTimestamp();
        var span = RunSpans.BeginBatch(Metadata.Name, batch);
        try
        {
            batch.Run(_engine);
        }
        catch (OperationCanceledException)
        {
            // Nobody waits for it any more: each request knows why.
        }
        catch (ThreadInterruptedException)
        {
            // The engine may still be at it: what it reads is not this lane's to use again.
            _failures.NoteFailure();
            throw;
        }
#pragma warning disable CA1031 // An engine's bug must not end the lane's thread; each request without an answer is told that the model failed.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            NoteThrown(exception);
        }

        _line.EndRun(batch);

        span?.Dispose();
        Measure(batch, start, span);
        Judge(batch);

        for (var index = 0; index < batch.Requests.Count; index++)
        {
            var response = batch.TakeResponse(index);
            batch.Answer(index, response is null ? null : Note(response));
        }

        batch.Clear();
    }

    // Before anybody is answered, and reads it.
    private void Measure(RunningBatch batch, long start, Activity? span)
    {
        var run = _time.GetElapsedTime(start);
        _telemetry.Ran(Metadata.Name, batch.Rows, run);
        for (var index = 0; index < batch.Requests.Count; index++)
        {
            // Who has left reads nothing more.
            if (batch.Requests[index] is not { } request)
            {
                continue;
            }

            var queue = _time.GetElapsedTime(request.Queued, start);
            _telemetry.Waited(Metadata.Name, queue);
            if (request.Request?.Report is { } report)
            {
                report.Note(queue, run);
                report.Batch = span?.Context ?? default;
            }
        }
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
