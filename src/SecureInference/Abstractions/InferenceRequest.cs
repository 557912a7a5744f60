namespace SecureInference;

/// <summary>What a caller asks of a model.</summary>
public sealed class InferenceRequest : IDisposable
{
    /// <summary>Creates a request.</summary>
    /// <param name="inputs">The inputs; the request gives their rented memory back when it is disposed.</param>
    public InferenceRequest(params IReadOnlyList<Tensor> inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        Inputs = inputs;
    }

    /// <summary>Gets the inputs.</summary>
    public IReadOnlyList<Tensor> Inputs { get; }

    /// <summary>Gets the names of the outputs wanted, in the order wanted; empty for all of them.</summary>
    public IReadOnlyList<string> Outputs { get; init; } = [];

    /// <summary>Gets the most time that the caller gives the request; the model's own limit stays in force.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Gets who asks: lanes are shared out fairly between callers. Requests without a caller share one turn.</summary>
    public Caller? Caller { get; init; }

    /// <summary>Gets the priority asked for, 1 being the highest of all; no more is granted than <see cref="Caller.HighestPriority"/> allows.</summary>
    /// <value><see langword="null"/> for the lowest.</value>
    public int? Priority { get; init; }

    /// <summary>Gets whether whoever asks has announced it to the model's queue, and withdraws it only once its answer is written.</summary>
    internal bool IsAnnounced { get; init; }

    /// <summary>Gets or sets where whoever runs the request says how long it took, where somebody wants to know.</summary>
    internal RunReport? Report { get; set; }

    /// <summary>Gives rented memory back.</summary>
    public void Dispose()
    {
        for (var index = 0; index < Inputs.Count; index++)
        {
            Inputs[index].Return();
        }
    }
}
