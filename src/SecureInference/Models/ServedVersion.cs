namespace SecureInference.Models;

/// <summary>One loaded version: counts the requests that hold it, and frees it after the last.</summary>
internal sealed class ServedVersion(IServedModel served, ModelCandidate candidate, ModelOptions options) : ILeasedModel
{
    private readonly DrainState _leases = new();
    private readonly Lock _lock = new();
    private Task? _freed;

    public bool ForgetsRequests => served.ForgetsRequests;

    public ModelMetadata Metadata { get; } = served.Metadata.WithVersion(candidate.Version);

    /// <summary>Says whether loading would bring the same again.</summary>
    public bool IsOf(ModelCandidate other, ModelOptions otherOptions) => candidate == other && ReferenceEquals(options, otherOptions);

    /// <summary>Takes a lease, unless the version is being freed.</summary>
    public bool TryLease() => _leases.TryEnter();

    public void Release() => _leases.Leave();

    public void Announce() => served.Announce();

    public void Withdraw() => served.Withdraw();

    public InferenceError? CheckHead(TensorSpec spec, TensorDataType dataType, ReadOnlySpan<long> shape) => served.CheckHead(spec, dataType, shape);

    public InferenceError? Check(InferenceRequest request) => served.Check(request);

    public ValueTask<InferenceResponse> RunCheckedAsync(InferenceRequest request, CancellationToken cancellationToken) => served.RunCheckedAsync(request, cancellationToken);

    public ValueTask<InferenceResponse> RunAsync(InferenceRequest request, CancellationToken cancellationToken = default) => served.RunAsync(request, cancellationToken);

    public InferenceError? FindUnready() => served.FindUnready();

    /// <summary>Refuses leases from now on, waits for those that are out, and frees the version, once.</summary>
    /// <param name="hurry">Ends the wait for leases: the app stops.</param>
    public Task FreeAsync(CancellationToken hurry)
    {
        lock (_lock)
        {
            return _freed ??= FreeOnceAsync(hurry);
        }
    }

    private async Task FreeOnceAsync(CancellationToken hurry)
    {
        // Freeing takes a thread for a while, which must not be the one that swapped the versions.
        await _leases.DrainAsync().WaitAsync(hurry).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        await served.DisposeAsync();
    }
}
