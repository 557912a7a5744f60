namespace SecureInference.TestSupport;

/// <summary>A model made of a function: its loader, its engine, and a count of its runs.</summary>
public sealed class FakeModel : IModelLoader, IModelEngine
{
    private readonly Func<InferenceRequest, CancellationToken, ValueTask<InferenceResponse>> _run;
    private int _runs;
    private (string Device, string Reason, string? Degradation)? _device;

    private FakeModel(
        IReadOnlyList<TensorSpec> inputs, IReadOnlyList<TensorSpec> outputs, Func<InferenceRequest, CancellationToken, ValueTask<InferenceResponse>> run)
    {
        _run = run;
        Metadata = new ModelMetadata
        {
            Name = "fake",
            Version = "1",
            Platform = "fake_function",
            Inputs = inputs,
            Outputs = outputs,
            Limits = new ModelLimits(ModelOptions.DefaultMaxRows, 1 << 20, 1 << 20, AllowNonFinite: false),
        };
    }

    public ModelMetadata Metadata { get; private set; }

    public int Lanes { get; private set; } = 2;

    /// <summary>How often it ran.</summary>
    public int Runs => Volatile.Read(ref _runs);

    /// <summary>How often it was disposed.</summary>
    public int Disposals { get; private set; }

    /// <summary>FP32 "x" of [-1,4] to FP32 "y" of the same shape: the same numbers.</summary>
    public static FakeModel Echo() => Create(
        [new TensorSpec("x", TensorDataType.Float32, [-1, 4])],
        [new TensorSpec("y", TensorDataType.Float32, [-1, 4])],
        static (request, _) => ValueTask.FromResult(
            new InferenceResponse(Tensor.Create("y", request.Inputs[0].Shape, request.Inputs[0].GetValues<float>()))));

    /// <summary>As <see cref="Echo"/>, but each run waits until the gate opens, or it is cancelled.</summary>
    public static FakeModel Gated(Task gate) => Create(
        [new TensorSpec("x", TensorDataType.Float32, [-1, 4])],
        [new TensorSpec("y", TensorDataType.Float32, [-1, 4])],
        async (request, cancellationToken) =>
        {
            await gate.WaitAsync(cancellationToken);
            return new InferenceResponse(Tensor.Create("y", request.Inputs[0].Shape, request.Inputs[0].GetValues<float>()));
        });

    public static FakeModel Create(
        IReadOnlyList<TensorSpec> inputs,
        IReadOnlyList<TensorSpec> outputs,
        Func<InferenceRequest, CancellationToken, ValueTask<InferenceResponse>> run) => new(inputs, outputs, run);

    public ValueTask<IModelEngine> LoadAsync(string name, ModelOptions options, CancellationToken cancellationToken)
    {
        Lanes = options.Lanes ?? Lanes;
        Metadata = new ModelMetadata
        {
            Name = name,
            Version = Metadata.Version,
            Platform = Metadata.Platform,
            Inputs = Metadata.Inputs,
            Outputs = Metadata.Outputs,
            Limits = new ModelLimits(
                options.MaxBatchSize ?? ModelOptions.DefaultMaxRows, options.MaxTensorElements, options.MaxBytesLength, options.AllowNonFinite)
            {
                MaxOutputBytes = options.MaxOutputBytes,
            },
        };
        Metadata = _device is { } on ? Metadata.OnDevice(on.Device, on.Reason, on.Degradation) : Metadata;
        return ValueTask.FromResult<IModelEngine>(this);
    }

    /// <summary>Says where it runs, once it is loaded.</summary>
    public FakeModel On(string device, string reason, string? degradation)
    {
        _device = (device, reason, degradation);
        return this;
    }

    public ValueTask<InferenceResponse> RunAsync(InferenceRequest request, CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref _runs);
        return _run(request, cancellationToken);
    }

    public ValueTask DisposeAsync()
    {
        Disposals++;
        return ValueTask.CompletedTask;
    }
}
