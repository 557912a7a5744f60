namespace SecureInference;

/// <summary>A runner whose check can be made apart from its run, so that a decision can be recorded between the two.</summary>
internal interface ICheckedModelRunner : IQueuedModelRunner
{
    /// <summary>Checks a tensor's type and shape, before memory is rented for it.</summary>
    InferenceError? CheckHead(TensorSpec spec, TensorDataType dataType, ReadOnlySpan<long> shape);

    /// <summary>Checks all of a request, before a place in the queue is taken.</summary>
    InferenceError? Check(InferenceRequest request);

    /// <summary>Runs a request that <see cref="Check"/> has passed.</summary>
    ValueTask<InferenceResponse> RunCheckedAsync(InferenceRequest request, CancellationToken cancellationToken);
}
