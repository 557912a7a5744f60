namespace SecureInference.Runtime.Batching;

/// <summary>The requests of one model that wait or run, and the lanes that they run in.</summary>
/// <remarks>One lock over the queue and the lanes; nothing runs and nobody is answered under it. A lane that becomes free takes what waits and starts at once. It waits for more only
/// while other requests of the model are on their way in, and no longer than the operator allows.</remarks>
internal sealed class RequestLine : IAsyncDisposable
{
    private static readonly TimeSpan PatienceWithRuns = TimeSpan.FromSeconds(30);

    private readonly BatchingPlan _plan;
    private readonly string _model;
    private readonly RuntimeTelemetry _telemetry;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private readonly RequestPool _pool;
    private readonly FairQueue _queue;
    private readonly LanePool _lanes;
    private readonly BatchFilling _filling;
    private readonly DrainRate _rate;
    private readonly Departures _departures;
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isClosed;

    /// <param name="engine">Whose lanes they are.</param>
    /// <param name="plan">How requests wait.</param>
    /// <param name="run">Runs a batch on the thread of a lane.</param>
    /// <param name="telemetry">Hears of refusals.</param>
    /// <param name="time">The clock.</param>
    public RequestLine(IModelEngine engine, BatchingPlan plan, Action<RunningBatch> run, RuntimeTelemetry telemetry, TimeProvider time)
    {
        _plan = plan;
        _model = engine.Metadata.Name;
        _telemetry = telemetry;
        _time = time;
        _queue = new FairQueue(plan.MaxRows, plan.SharedRows);
        _lanes = new LanePool(engine, this, run);
        _pool = new RequestPool(_lanes);
        _filling = new BatchFilling(plan, _queue, _lanes, time);
        _rate = new DrainRate(time);
        _departures = new Departures(_lock, _queue, _lanes, _model, telemetry, time);
    }

    public LanePool Lanes => _lanes;

    public RequestPool Requests => _pool;

    public int Waiting => _queue.Count;

    public bool IsIdle
    {
        get
        {
            lock (_lock)
            {
                return _lanes.AreAllFree && _queue.Count == 0;
            }
        }
    }

    /// <summary>Takes a lane for a request that runs on its own thread: nothing waits, and the run is short, or nobody is there to share a batch with.</summary>
    public bool TryTakeLane(in Ticket ticket, TimeSpan? estimate)
    {
        if (_lanes.Free == 0 || estimate is not { } run || run > _plan.MaxInlineRun)
        {
            return false;
        }

        lock (_lock)
        {
            var mayRun = !_isClosed && _queue.Count == 0 && (_plan.MaxRows == 1 || run <= LanePool.HandOver || (_lanes.AreAllFree && !_lanes.AreArriving(beside: ticket.Request.IsAnnounced ? 1 : 0)));
            if (!mayRun || !_lanes.TryTake())
            {
                return false;
            }

            _queue.Charge(ticket.Subject, ticket.Priority, ticket.Rows);
            return true;
        }
    }

    /// <summary>Gives back what <see cref="TryTakeLane"/> took.</summary>
    public void ReleaseLane()
    {
        LaneWorker? next;
        lock (_lock)
        {
            _lanes.Release();
            _rate.Count(1);
            next = SendLane();
            NoteIdle();
        }

        next?.Wake();
    }

    /// <summary>Puts a request into the queue, or refuses it.</summary>
    public ValueTask<InferenceResponse> Queue(in Ticket ticket, CancellationToken cancellationToken)
    {
        var (now, request) = (_time.GetTimestamp(), _pool.Rent());
        var answer = request.Begin(_departures, ticket, now, _departures.DeadlineOf(now, ticket.Timeout), cancellationToken);
        var isLast = ticket.Request.IsAnnounced && _lanes.Enter();
        QueuedRequest? refused;
        LaneWorker? next;
        lock (_lock)
        {
            refused = _isClosed || request.IsCancelled ? request : MakeRoom(ticket, request);
            if (!ReferenceEquals(refused, request))
            {
                request.State = QueuedState.Waiting;
                _queue.Add(request, ticket.Subject, ticket.Priority);
                _departures.Watch(request);
            }

            refused?.State = QueuedState.Ended;
            if (refused is { IsCancelled: false })
            {
                refused.GivenUp = _isClosed ? InferenceErrors.Draining : InferenceErrors.QueueFull(_model, _rate.Estimate(_queue.Count));
                _telemetry.Refused(_model, refused.GivenUp);
            }

            next = _lanes.Waiting is { } waiting && (isLast || _queue.Rows >= _plan.PreferredRows) ? waiting : SendLane();
        }

        next?.Wake();
        refused?.Complete(response: null);
        return answer;
    }

    /// <summary>Takes what waits into a lane's batch.</summary>
    /// <returns><see langword="false"/> where nothing waits: the lane is free.</returns>
    public bool TryTake(LaneWorker lane)
    {
        while (true)
        {
            LaneWorker? next = null;
            TimeSpan wait;
            lock (_lock)
            {
                _lanes.NoteArrived(lane);
                if (_queue.Peek() is not { } first || _lanes.Waiting is not null)
                {
                    _lanes.Release(lane);
                    NoteIdle();
                    return false;
                }

                wait = _filling.DelayOf(first);
                if (wait > TimeSpan.Zero)
                {
                    _lanes.Waiting = lane;
                }
                else
                {
                    _filling.Fill(lane.Batch);
                    next = SendLane();
                }
            }

            if (wait <= TimeSpan.Zero)
            {
                next?.Wake();
                return true;
            }

            lane.WaitForCompany(wait);
        }
    }

    /// <summary>Says that a lane's run is over.</summary>
    public void EndRun(RunningBatch batch)
    {
        lock (_lock)
        {
            batch.End();
            _rate.Count(batch.Requests.Count);
        }
    }

    /// <summary>Answers what a lane was doing whose thread died, so that another can take its place.</summary>
    public void Replace(LaneWorker dead, Exception exception)
    {
        RunningBatch left;
        lock (_lock)
        {
            _lanes.NoteArrived(dead);
            left = dead.Renew();
            left.End();
        }

        _telemetry.LaneReplaced(_model, exception);
        left.Abandon(InferenceErrors.ModelFailed);
    }

    /// <summary>Lets the requests that are here end, and then the lanes.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            _isClosed = true;
            NoteIdle();
        }

        await _drained.Task.WaitAsync(PatienceWithRuns, _time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (_lock)
        {
            _lanes.End();
        }

        _departures.Dispose();
    }

    // Whoever waits for a lane that is on its way waits for nothing.
    private QueuedRequest? MakeRoom(in Ticket ticket, QueuedRequest request)
    {
        if (_lanes.Free > 0 || _queue.Count - _lanes.Coming < _plan.Capacity)
        {
            return null;
        }

        var victim = _queue.FindVictim(ticket.Subject, ticket.Priority);
        if (victim is not null)
        {
            _queue.Remove(victim);
        }

        return victim ?? request;
    }

    // One lane takes a whole batch: no other is sent for what the ones on their way can take.
    private LaneWorker? SendLane() => _queue.Rows > _lanes.Coming * (long)_plan.MaxRows ? _lanes.TrySend() : null;

    private void NoteIdle()
    {
        if (IsIdle)
        {
            _queue.EndPeriod();
            if (_isClosed)
            {
                _drained.TrySetResult();
            }
        }
    }
}
