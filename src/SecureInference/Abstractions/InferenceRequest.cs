namespace SecureInference;

/// <summary>What a caller asks of a model.</summary>
public sealed class InferenceRequest : IDisposable
{
    private const int Disposed = int.MinValue;

    // One word: the sign says that the request is disposed, and the rest counts the runs that may still read it.
    private int _state;
    private IReadOnlyList<string> _outputs = [];
    private TimeSpan? _timeout;
    private Caller? _caller;
    private int? _priority;
    private InferenceResponse? _answer;

    /// <summary>Creates a request.</summary>
    /// <param name="inputs">The inputs; the request gives their rented memory back when it is disposed.</param>
    public InferenceRequest(params IReadOnlyList<Tensor> inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        Inputs = inputs;
    }

    /// <summary>Gets the inputs.</summary>
    public IReadOnlyList<Tensor> Inputs { get; private set; }

    /// <summary>Gets the names of the outputs wanted, in the order wanted; empty for all of them.</summary>
    public IReadOnlyList<string> Outputs { get => _outputs; init => _outputs = value; }

    /// <summary>Gets the most time that the caller gives the request; the model's own limit stays in force.</summary>
    public TimeSpan? Timeout { get => _timeout; init => _timeout = value; }

    /// <summary>Gets who asks: lanes are shared out fairly between callers. Requests without a caller share one turn.</summary>
    public Caller? Caller { get => _caller; init => _caller = value; }

    /// <summary>Gets the priority asked for, 1 being the highest of all; no more is granted than <see cref="Caller.HighestPriority"/> allows.</summary>
    /// <value><see langword="null"/> for the lowest.</value>
    public int? Priority { get => _priority; init => _priority = value; }

    /// <summary>Gets whether whoever asks has announced it to the model's queue, and withdraws it only once its answer is written.</summary>
    internal bool IsAnnounced { get; init; }

    /// <summary>Gets or sets where whoever runs the request says how long it took, where somebody wants to know.</summary>
    internal RunReport? Report { get; set; }

    /// <summary>Gives rented memory back: at once, or when the run that may still read it ends.</summary>
    public void Dispose() => _ = TryEnd();

    /// <summary>Serves again as another request. Only its owner may say so, once nobody else can hold it.</summary>
    internal void Become(IReadOnlyList<Tensor> inputs, IReadOnlyList<string> outputs, TimeSpan? timeout, Caller? caller, int? priority, InferenceResponse? answer)
    {
        _state = 0;
        Inputs = inputs;
        _outputs = outputs;
        _timeout = timeout;
        _caller = caller;
        _priority = priority;
        _answer = answer;
    }

    /// <summary>Returns an empty answer; the first is the one that serves again, where there is one. A run that is repeated gets another.</summary>
    internal InferenceResponse BeginAnswer() => Interlocked.Exchange(ref _answer, null) ?? new InferenceResponse();

    /// <summary>Disposes the request, and says whether nobody holds it any more, so that it may serve again.</summary>
    internal bool TryEnd()
    {
        var isFree = Interlocked.Or(ref _state, Disposed) == 0;
        if (isFree)
        {
            Return();
        }

        return isFree;
    }

    /// <summary>Keeps the memory beyond <see cref="Dispose"/>; whoever calls it knows that the request is not disposed yet.</summary>
    internal void Hold() => Interlocked.Increment(ref _state);

    /// <summary>Ends what <see cref="Hold"/> began.</summary>
    internal void Release()
    {
        if (Interlocked.Decrement(ref _state) == Disposed)
        {
            Return();
        }
    }

    private void Return()
    {
        for (var index = 0; index < Inputs.Count; index++)
        {
            Inputs[index].Return();
        }
    }
}
