namespace SecureInference.Tests.Models;

/// <summary>A model that a file was made to: "x" of the file's width to "y", which says the how manieth load it is.</summary>
internal sealed class FileEngine(string name, int width, int load, Task gate) : IModelEngine
{
    private int _disposals;
    private int _running;

    public ModelMetadata Metadata { get; } = new()
    {
        Name = name,
        Version = "1",
        Platform = "fake_file",
        Inputs = [new TensorSpec("x", TensorDataType.Float32, [-1, width])],
        Outputs = [new TensorSpec("y", TensorDataType.Int64, [1])],
        Limits = new ModelLimits(ModelOptions.DefaultMaxRows, 1 << 20, 1 << 20, AllowNonFinite: false),
    };

    public int Lanes => 2;

    public int Load => load;

    public int Disposals => Volatile.Read(ref _disposals);

    /// <summary>How many runs began, or went on, when it was freed.</summary>
    public int Wronged { get; private set; }

    public async ValueTask<InferenceResponse> RunAsync(InferenceRequest request, CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref _running);
        Wronged += Disposals;
        await gate.WaitAsync(cancellationToken);
        Interlocked.Decrement(ref _running);
        return new InferenceResponse(Tensor.Create<long>("y", [1], [load]));
    }

    public ValueTask DisposeAsync()
    {
        Interlocked.Increment(ref _disposals);
        Wronged += Volatile.Read(ref _running);
        return ValueTask.CompletedTask;
    }
}
