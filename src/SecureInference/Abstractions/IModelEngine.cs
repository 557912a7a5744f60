namespace SecureInference;

/// <summary>A loaded and warmed-up model of some engine.</summary>
/// <remarks>Called with checked requests only, and by no more than <see cref="Lanes"/> callers at once: a run may keep the thread that called it until it ends.
/// <see cref="IAsyncDisposable.DisposeAsync"/> waits for the runs that go on before it frees what they use.</remarks>
public interface IModelEngine : IModelRunner, IAsyncDisposable
{
    /// <summary>Gets the number of runs that go on at once.</summary>
    int Lanes { get; }

    /// <summary>Gets whether runs in several lanes go on side by side, as on processors; lanes of one GPU take turns in the same arithmetic units.</summary>
    bool AreLanesParallel => true;

    /// <summary>Estimates how long a run takes.</summary>
    /// <param name="request">The request that would be run.</param>
    /// <returns>The time, or <see langword="null"/> where nothing is known of it.</returns>
    TimeSpan? EstimateRun(InferenceRequest request) => null;

    /// <summary>Runs the rows of several requests as one, and answers each request of the batch.</summary>
    /// <param name="batch">The requests.</param>
    /// <param name="cancellationToken">Ends the run as far as the engine can.</param>
    /// <returns><see langword="null"/>, or why no request was answered.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    ValueTask<InferenceError?> RunBatchAsync(InferenceBatch batch, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return batch.RunMergedAsync(this, cancellationToken);
    }
}
