using System.Threading.Tasks.Sources;

namespace SecureInference.Runtime.Batching;

/// <summary>A request from its place in the queue to its answer; used again by later requests.</summary>
/// <remarks>Whoever changes <see cref="State"/> holds the queue's lock. The answer is given once, by whoever took the request out of its state.</remarks>
internal sealed class QueuedRequest(RequestPool pool, LanePool lanes) : IValueTaskSource<InferenceResponse>
{
    // Whoever waits goes on elsewhere: a lane's thread has its next batch to run.
    private ManualResetValueTaskSourceCore<InferenceResponse> _source = new() { RunContinuationsAsynchronously = true };
    private CancellationTokenRegistration _registration;
    private Departures? _departures;
    private CancellationToken _cancellationToken;

    public InferenceRequest? Request { get; private set; }

    public int Rows { get; private set; }

    /// <summary>Gets the time stamp at which the request is to have its answer.</summary>
    public long Deadline { get; private set; }

    /// <summary>Gets whether the request itself asked for less time than the model gives.</summary>
    public bool IsOwnDeadline { get; private set; }

    /// <summary>Gets whether its rows may share a batch with others'.</summary>
    public bool MayShare { get; private set; }

    /// <summary>Gets the time stamp of its arrival in the queue.</summary>
    public long Queued { get; private set; }

    public QueuedState State { get; set; }

    /// <summary>Gets or sets why the request gets no answer although its batch runs on.</summary>
    public InferenceError? GivenUp { get; set; }

    /// <summary>Gets or sets whether it ends as cancelled.</summary>
    public bool IsCancelled { get; set; }

    /// <summary>Gets or sets the batch that it runs in.</summary>
    public RunningBatch? Batch { get; set; }

    /// <summary>Gets or sets whose backlog it is part of.</summary>
    public CallerBacklog? Backlog { get; set; }

    /// <summary>Gets or sets its neighbours in the backlog.</summary>
    public QueuedRequest? Previous { get; set; }

    public QueuedRequest? Next { get; set; }

    /// <summary>Gets whether nobody waits for the answer of its run.</summary>
    public bool IsGivenUp => IsCancelled || GivenUp is not null;

    /// <summary>Begins with a request, and follows its caller's cancellation.</summary>
    /// <returns>The answer to come.</returns>
    public ValueTask<InferenceResponse> Begin(Departures departures, in Ticket ticket, long now, long deadline, CancellationToken cancellationToken)
    {
        _departures = departures;
        _cancellationToken = cancellationToken;
        Request = ticket.Request;
        Rows = ticket.Rows;
        MayShare = ticket.MayShare;
        IsOwnDeadline = ticket.IsOwnDeadline;
        Queued = now;
        Deadline = deadline;
        _registration = cancellationToken.UnsafeRegister(static state => (state as QueuedRequest)?.Cancel(), this);
        return new ValueTask<InferenceResponse>(this, _source.Version);
    }

    /// <summary>Gives the answer. Not under the queue's lock: it waits for a cancellation that goes on.</summary>
    public void Complete(InferenceResponse? response)
    {
        _registration.Dispose();
        if (Request?.IsAnnounced == true)
        {
            // Before it is known: a lane that looks for company in this moment knows who is about to ask again.
            lanes.Announce();
        }

        if (IsCancelled)
        {
            response?.Dispose();
            _source.SetException(new OperationCanceledException(_cancellationToken));
        }
        else if (GivenUp is { } error)
        {
            response?.Dispose();
            _source.SetResult(new InferenceResponse(error));
        }
        else
        {
            _source.SetResult(response ?? new InferenceResponse(InferenceErrors.ModelFailed));
        }
    }

    InferenceResponse IValueTaskSource<InferenceResponse>.GetResult(short token)
    {
        try
        {
            return _source.GetResult(token);
        }
        finally
        {
            Reset();
            pool.Return(this);
        }
    }

    ValueTaskSourceStatus IValueTaskSource<InferenceResponse>.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource<InferenceResponse>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);

    private void Cancel() => _departures?.Cancel(this);

    // Every field: what is left of one caller must not reach the next.
    private void Reset()
    {
        _source.Reset();
        _registration = default;
        _cancellationToken = default;
        _departures = null;
        Request = null;
        Batch = null;
        Backlog = null;
        Previous = null;
        Next = null;
        GivenUp = null;
        IsCancelled = false;
        State = QueuedState.Arriving;
    }
}
