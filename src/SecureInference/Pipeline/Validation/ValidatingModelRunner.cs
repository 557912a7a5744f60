namespace SecureInference.Pipeline.Validation;

/// <summary>Is it acceptable? Lets a request through to the queue only where it matches the model's signature.</summary>
internal sealed class ValidatingModelRunner(IModelRunner inner, ValidationTelemetry telemetry) : ICheckedModelRunner
{
    private readonly IQueuedModelRunner? _queue = inner as IQueuedModelRunner;

    public ModelMetadata Metadata => inner.Metadata;

    public bool ForgetsRequests => _queue?.ForgetsRequests == true;

    public void Announce() => _queue?.Announce();

    public void Withdraw() => _queue?.Withdraw();

    public InferenceError? CheckHead(TensorSpec spec, TensorDataType dataType, ReadOnlySpan<long> shape) =>
        Count(SignatureValidator.CheckHead(Metadata, spec, dataType, shape));

    public InferenceError? Check(InferenceRequest request) => Count(SignatureValidator.Check(Metadata, request));

    public ValueTask<InferenceResponse> RunCheckedAsync(InferenceRequest request, CancellationToken cancellationToken) =>
        inner.RunAsync(request, cancellationToken);

    public ValueTask<InferenceResponse> RunAsync(InferenceRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return Check(request) is { } error ? ValueTask.FromResult(new InferenceResponse(error)) : inner.RunAsync(request, cancellationToken);
    }

    private InferenceError? Count(InferenceError? error)
    {
        if (error is not null)
        {
            telemetry.Refused(Metadata.Name);
        }

        return error;
    }
}
