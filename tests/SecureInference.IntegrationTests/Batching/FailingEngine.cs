namespace SecureInference.IntegrationTests.Batching;

/// <summary>A real engine, some of whose runs throw.</summary>
internal sealed class FailingEngine(IModelEngine inner, FailingLoader loader) : IModelEngine
{
    public IModelEngine Inner => inner;

    public bool IsFreed { get; private set; }

    public ModelMetadata Metadata => inner.Metadata;

    public int Lanes => inner.Lanes;

    public bool AreLanesParallel => inner.AreLanesParallel;

    public TimeSpan? EstimateRun(InferenceRequest request) => inner.EstimateRun(request);

    public ValueTask<InferenceResponse> RunAsync(InferenceRequest request, CancellationToken cancellationToken = default)
    {
        loader.Begin();
        return Note(inner.RunAsync(request, cancellationToken));
    }

    public ValueTask<InferenceError?> RunBatchAsync(InferenceBatch batch, CancellationToken cancellationToken)
    {
        loader.Begin();
        return Note(inner.RunBatchAsync(batch, cancellationToken));
    }

    public async ValueTask DisposeAsync()
    {
        await inner.DisposeAsync();
        IsFreed = true;
    }

    private ValueTask<T> Note<T>(ValueTask<T> run)
    {
        if (run.IsCanceled)
        {
            loader.NoteTerminated();
        }

        return run;
    }
}
