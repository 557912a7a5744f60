using System.Runtime.CompilerServices;

namespace SecureInference.Models;

/// <summary>What callers keep: each run takes the version that is in force when it begins, and ends with it.</summary>
internal sealed class ModelHandle(CatalogModel model, string? version, ModelMetadata first) : IModelHandle
{
    private ModelMetadata _last = first;

    /// <summary>Gets what is known of the version in force; of the last one, where there is none any more.</summary>
    public ModelMetadata Metadata => _last = model.Current?.Find(version)?.Metadata ?? _last;

    public InferenceError? TryLease(out ModelLease lease)
    {
        while (model.Current is { } current && current.Find(version) is { } served)
        {
            // One that refuses was replaced before it was told to go: the next look finds its successor.
            if (served.TryLease())
            {
                lease = new ModelLease(served, served, current.Numbers);
                return null;
            }
        }

        lease = default;
        return model.IsStopped ? InferenceErrors.Draining
            : version is null ? InferenceErrors.ModelNotFound(model.Name)
            : InferenceErrors.ModelVersionNotFound(model.Name, version);
    }

    public ValueTask<InferenceResponse> RunAsync(InferenceRequest request, CancellationToken cancellationToken = default)
    {
        if (TryLease(out var lease) is { } gone)
        {
            return ValueTask.FromResult(new InferenceResponse(gone));
        }

        var isOver = true;
        try
        {
            var run = lease.Model.RunAsync(request, cancellationToken);
            isOver = run.IsCompleted;
            return isOver ? run : WaitAsync(run, lease);
        }
        finally
        {
            if (isOver)
            {
                lease.Dispose();
            }
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private static async ValueTask<InferenceResponse> WaitAsync(ValueTask<InferenceResponse> run, ModelLease lease)
    {
        using (lease)
        {
            return await run;
        }
    }
}
