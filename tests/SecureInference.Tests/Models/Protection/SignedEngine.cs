namespace SecureInference.Tests.Models.Protection;

/// <summary>A model that knows by what it was loaded.</summary>
internal sealed class SignedEngine(string name, int width, ModelContent content, int load) : IModelEngine
{
    private readonly FileEngine _engine = new(name, width, load, Task.CompletedTask);

    public ModelMetadata Metadata { get; } = new ModelMetadata
    {
        Name = name,
        Version = "1",
        Platform = "fake_file",
        Digest = content.Digest,
        Inputs = [new TensorSpec("x", TensorDataType.Float32, [-1, width])],
        Outputs = [new TensorSpec("y", TensorDataType.Int64, [1])],
        Limits = new ModelLimits(ModelOptions.DefaultMaxRows, 1 << 20, 1 << 20, AllowNonFinite: false),
    }.WithProtection(content.Protection);

    public int Lanes => _engine.Lanes;

    public ValueTask<InferenceResponse> RunAsync(InferenceRequest request, CancellationToken cancellationToken = default) => _engine.RunAsync(request, cancellationToken);

    public ValueTask DisposeAsync() => _engine.DisposeAsync();
}
