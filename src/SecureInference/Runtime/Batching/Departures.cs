namespace SecureInference.Runtime.Batching;

/// <summary>Requests that leave before they have an answer: their caller has gone, or their time has passed.</summary>
internal sealed class Departures : IDisposable
{
    private readonly Lock _lock;
    private readonly FairQueue _queue;
    private readonly LanePool _lanes;
    private readonly string _model;
    private readonly RuntimeTelemetry _telemetry;
    private readonly TimeProvider _time;
    private readonly DeadlineTimer _deadlines;

    /// <param name="queueLock">The lock of the queue and the lanes.</param>
    /// <param name="queue">Those who wait.</param>
    /// <param name="lanes">Those who run.</param>
    /// <param name="model">The model's name.</param>
    /// <param name="telemetry">Hears of deadlines.</param>
    /// <param name="time">The clock.</param>
    public Departures(Lock queueLock, FairQueue queue, LanePool lanes, string model, RuntimeTelemetry telemetry, TimeProvider time)
    {
        _lock = queueLock;
        _queue = queue;
        _lanes = lanes;
        _model = model;
        _telemetry = telemetry;
        _time = time;
        _deadlines = new DeadlineTimer(time, Expire);
    }

    /// <summary>Returns the time stamp at which a request's time has passed.</summary>
    public long DeadlineOf(long now, TimeSpan timeout) => _deadlines.DeadlineOf(now, timeout);

    /// <summary>Watches over the deadline of a request that is in the queue now; under the lock.</summary>
    public void Watch(QueuedRequest request) => _deadlines.Arm(request.Deadline, request.Queued);

    /// <summary>Takes back a request whose caller has gone.</summary>
    public void Cancel(QueuedRequest request)
    {
        RunningBatch? unwanted;
        int run;
        bool isEnded;
        lock (_lock)
        {
            if (request.IsGivenUp || request.State == QueuedState.Ended)
            {
                return;
            }

            request.IsCancelled = true;
            isEnded = TryGiveUp(request, out unwanted, out run);
        }

        unwanted?.Terminate(run);
        if (isEnded)
        {
            request.Complete(response: null);
        }
    }

    public void Dispose() => _deadlines.Dispose();

    private void Expire()
    {
        var over = new List<QueuedRequest>();
        var unwanted = new List<(RunningBatch Batch, int Run)>();
        lock (_lock)
        {
            var now = _time.GetTimestamp();
            var next = long.MaxValue;
            _queue.FindExpired(now, over, ref next);
            foreach (var worker in _lanes.Workers)
            {
                worker.Batch.FindExpired(now, over, ref next);
            }

            for (var index = over.Count - 1; index >= 0; index--)
            {
                _telemetry.DeadlineExceeded(_model);
                over[index].GivenUp = over[index].IsOwnDeadline ? InferenceErrors.OwnDeadlineExceeded : InferenceErrors.DeadlineExceeded;
                if (!TryGiveUp(over[index], out var batch, out var run))
                {
                    over.RemoveAt(index);
                }

                if (batch is not null)
                {
                    unwanted.Add((batch, run));
                }
            }

            _deadlines.Rearm(next, now);
        }

        unwanted.ForEach(static batch => batch.Batch.Terminate(batch.Run));
        over.ForEach(static request => request.Complete(response: null));
    }

    /// <summary>Gives a request up, whose reason is noted.</summary>
    /// <returns>Whether the caller is to answer it: a request that is not in the queue yet is answered by who brings it there.</returns>
    private bool TryGiveUp(QueuedRequest request, out RunningBatch? unwanted, out int run)
    {
        (unwanted, run) = (null, 0);
        switch (request.State)
        {
            case QueuedState.Waiting:
                _queue.Remove(request);
                break;
            case QueuedState.Running when request.Batch is { } batch:
                run = batch.Number;
                unwanted = batch.Leave(request) ? batch : null;
                break;
            default:
                return false;
        }

        request.State = QueuedState.Ended;
        return true;
    }
}
