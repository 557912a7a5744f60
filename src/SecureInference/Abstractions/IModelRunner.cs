namespace SecureInference;

/// <summary>Runs one model.</summary>
public interface IModelRunner
{
    /// <summary>Gets what callers may know of the model.</summary>
    ModelMetadata Metadata { get; }

    /// <summary>Runs the model once.</summary>
    /// <param name="request">The inputs; they stay the caller's to dispose, after the returned task has completed.</param>
    /// <param name="cancellationToken">Ends the wait and, as far as the engine can, the run.</param>
    /// <returns>The outputs, or the refusal in <see cref="InferenceResponse.Error"/>; the caller disposes it.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    ValueTask<InferenceResponse> RunAsync(InferenceRequest request, CancellationToken cancellationToken = default);
}
