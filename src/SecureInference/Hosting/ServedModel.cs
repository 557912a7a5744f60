namespace SecureInference.Hosting;

/// <summary>An engine with what stands before it, held together so that it goes as one.</summary>
internal sealed class ServedModel(ICheckedModelRunner checks, IModelRunner queue, IModelEngine engine) : IServedModel
{
    private readonly IModelHealth? _health = queue as IModelHealth;

    public ModelMetadata Metadata => checks.Metadata;

    public bool ForgetsRequests => checks.ForgetsRequests;

    internal IModelRunner Queue => queue;

    internal IModelEngine Engine => engine;

    public void Announce() => checks.Announce();

    public void Withdraw() => checks.Withdraw();

    public InferenceError? CheckHead(TensorSpec spec, TensorDataType dataType, ReadOnlySpan<long> shape) => checks.CheckHead(spec, dataType, shape);

    public InferenceError? Check(InferenceRequest request) => checks.Check(request);

    public ValueTask<InferenceResponse> RunCheckedAsync(InferenceRequest request, CancellationToken cancellationToken) => checks.RunCheckedAsync(request, cancellationToken);

    public ValueTask<InferenceResponse> RunAsync(InferenceRequest request, CancellationToken cancellationToken = default) => checks.RunAsync(request, cancellationToken);

    public InferenceError? FindUnready() => _health?.FindUnready();

    public async ValueTask DisposeAsync()
    {
        try
        {
            // Whoever still waits in the queue needs the engine.
            if (queue is IAsyncDisposable draining)
            {
                await draining.DisposeAsync();
            }
        }
        finally
        {
            await engine.DisposeAsync();
        }
    }
}
