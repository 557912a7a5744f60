namespace SecureInference.Runtime.Batching;

/// <summary>What a lane runs at the moment: one request, or several as one.</summary>
/// <remarks>A request may leave while its run goes on: its place stays, its memory is held, and what the run answers it is thrown away.</remarks>
internal sealed class RunningBatch(ModelMetadata metadata) : IDisposable
{
    private readonly InferenceBatch _batch = new(metadata);
    private readonly List<QueuedRequest?> _requests = [];
    private readonly List<InferenceRequest> _held = [];
    private readonly Lock _terminating = new();
    private CancellationTokenSource _termination = new();
    private bool _isRunning;

    /// <summary>Gets the requests that run, and nothing in the place of one that has left.</summary>
    public IReadOnlyList<QueuedRequest?> Requests => _requests;

    public int Rows => _batch.Rows;

    /// <summary>Gets the requests whose callers still wait for them.</summary>
    public int Wanted { get; private set; }

    /// <summary>Gets whether the run failed together, and its requests ran one by one.</summary>
    public bool WasTakenApart { get; private set; }

    /// <summary>Gets whether every request of a batch that failed ran by itself.</summary>
    public bool RanAlone { get; private set; }

    /// <summary>Gets which of the lane's runs it is, so that one can be ended and never the next.</summary>
    public int Number { get; private set; }

    /// <summary>Begins the next run; under the line's lock.</summary>
    public void Begin()
    {
        Number++;
        _isRunning = true;
    }

    /// <summary>Says whether a request fits behind those that are in.</summary>
    public bool Accepts(QueuedRequest request, int maxRows) =>
        _requests.Count == 0 || (request.MayShare && Rows + request.Rows <= maxRows && BatchRule.Fit(_batch.Requests[0], request.Request!));

    /// <summary>Adds a request; under the line's lock.</summary>
    public void Add(QueuedRequest request)
    {
        request.Batch = this;
        request.State = QueuedState.Running;
        _requests.Add(request);
        _batch.Add(request.Request!, request.Rows);
        Wanted++;
    }

    /// <summary>Lets a request go whose caller does not wait for the run's end; under the line's lock.</summary>
    /// <returns>Whether nobody waits for the run any more.</returns>
    public bool Leave(QueuedRequest request)
    {
        var index = _requests.IndexOf(request);
        _requests[index] = null;
        // Its caller disposes it now, and the run may read it to its end. Held only here: whoever stays to the end keeps it alive until then.
        _batch.Requests[index].Hold();
        _held.Add(_batch.Requests[index]);
        request.Batch = null;
        return --Wanted == 0;
    }

    /// <summary>Finds the requests whose time has passed; under the line's lock.</summary>
    public void FindExpired(long now, List<QueuedRequest> expired, ref long next)
    {
        if (!_isRunning)
        {
            return;
        }

        foreach (var request in _requests)
        {
            if (request?.Deadline <= now)
            {
                expired.Add(request);
            }
            else if (request is not null)
            {
                next = Math.Min(next, request.Deadline);
            }
        }
    }

    /// <summary>Says that the run is over: from now on its requests are the lane's alone. Under the line's lock.</summary>
    public void End()
    {
        _isRunning = false;
        foreach (var request in _requests)
        {
            request?.State = QueuedState.Ended;
            request?.Batch = null;
        }
    }

    /// <summary>Ends a run that nobody waits for. Not under the line's lock: an engine may do anything when it is told.</summary>
    public void Terminate(int number)
    {
        lock (_terminating)
        {
            if (number == Number)
            {
                _termination.Cancel();
            }
        }
    }

    /// <summary>Runs the requests on this thread; every one that has an answer has it in the batch afterwards.</summary>
    /// <exception cref="OperationCanceledException">The run was terminated.</exception>
    public void Run(IModelEngine engine)
    {
        if (_requests.Count == 1)
        {
            RunAlone(engine, 0);
            return;
        }

        var error = Wait(engine.RunBatchAsync(_batch, _termination.Token));
        if (error is null)
        {
            return;
        }

        if (error.Code is InferenceErrorCode.ModelFailed or InferenceErrorCode.ModelRejectedInput)
        {
            // One request's values may be what it failed of: run alone, it fails alone.
            WasTakenApart = true;
            RanAlone = true;
            for (var index = 0; index < _requests.Count; index++)
            {
                RunAlone(engine, index);
            }

            return;
        }

        for (var index = 0; index < _requests.Count; index++)
        {
            _batch.Respond(index, new InferenceResponse(error));
        }
    }

    public InferenceResponse? TakeResponse(int index) => _batch.TakeResponse(index);

    /// <summary>Answers a request whose caller waits; once the run is over.</summary>
    public void Answer(int index, InferenceResponse? response)
    {
        if (_requests[index] is not { } request)
        {
            response?.Dispose();
            return;
        }

        // Forgotten only then: were it not answered, whoever takes the lane's place answers it.
        request.Complete(response);
        _requests[index] = null;
    }

    /// <summary>Forgets what ran.</summary>
    public void Clear()
    {
        _batch.Clear();
        _requests.Clear();
        _held.ForEach(static request => request.Release());
        _held.Clear();
        Wanted = 0;
        WasTakenApart = false;
        RanAlone = false;
        lock (_terminating)
        {
            Number++;
            if (_termination.IsCancellationRequested)
            {
                _termination.Dispose();
                _termination = new CancellationTokenSource();
            }
        }
    }

    /// <summary>Answers what a lane leaves behind that has died. Its run may go on somewhere: what that reads is never given back, only collected.</summary>
    public void Abandon(InferenceError error)
    {
        for (var index = 0; index < _requests.Count; index++)
        {
            if (_requests[index] is not null)
            {
                _batch.Requests[index].Hold();
                Answer(index, new InferenceResponse(error));
            }
        }

        Terminate(Number);
    }

    public void Dispose()
    {
        _batch.Clear();
        _termination.Dispose();
    }

    private void RunAlone(IModelEngine engine, int index)
    {
        if (_requests[index] is null)
        {
            RanAlone = false;
            return;
        }

        // Not of the place's request: that may leave, and serve another caller, while this one's tensors are read.
        var response = Wait(engine.RunAsync(_batch.Requests[index], _termination.Token));
        RanAlone &= response.IsSuccess;
        _batch.Respond(index, response);
    }

    // On a lane's own thread, which has nothing else to do.
    private static T Wait<T>(ValueTask<T> task) => task.IsCompleted ? task.GetAwaiter().GetResult() : task.AsTask().GetAwaiter().GetResult();
}
