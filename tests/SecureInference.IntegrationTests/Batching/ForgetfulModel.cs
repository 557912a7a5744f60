using System.Collections.Concurrent;

namespace SecureInference.IntegrationTests.Batching;

/// <summary>FP32 "x" of [-1,4] to "y", the same numbers, on one lane whose runs wait to be let go once it is told so. It says of each request what its memory held at the run's beginning, and at its end.</summary>
internal sealed class ForgetfulModel : IModelLoader, IForgetfulEngine
{
    private readonly SemaphoreSlim _gate = new(0);
    private volatile bool _waits;

    public ModelMetadata Metadata { get; private set; } = new()
    {
        Name = "fake",
        Version = "1",
        Platform = "fake_function",
        Inputs = [new TensorSpec("x", TensorDataType.Float32, [-1, 4])],
        Outputs = [new TensorSpec("y", TensorDataType.Float32, [-1, 4])],
        Limits = new ModelLimits(ModelOptions.DefaultMaxRows, 1 << 20, 1 << 20, AllowNonFinite: false),
    };

    public int Lanes => 1;

    /// <summary>Gets the requests of runs that have begun since runs wait, run by run.</summary>
    public ConcurrentQueue<IReadOnlyList<SeenRequest>> Runs { get; } = new();

    public ValueTask<IModelEngine> LoadAsync(string name, ModelOptions options, CancellationToken cancellationToken) => new(this);

    /// <summary>Has every run from now on wait for <see cref="LetGo"/>.</summary>
    public void HoldRuns() => _waits = true;

    /// <summary>Lets one run end.</summary>
    public void LetGo() => _gate.Release();

    // Never at once: what waits for a lane's run is what this is about.
    public async ValueTask<InferenceResponse> RunAsync(InferenceRequest request, CancellationToken cancellationToken = default)
    {
        await WaitAsync([new SeenRequest(request)]);
        return Echo(request);
    }

    public async ValueTask<InferenceError?> RunBatchAsync(InferenceBatch batch, CancellationToken cancellationToken)
    {
        await WaitAsync([.. batch.Requests.Select(static request => new SeenRequest(request))]);
        for (var index = 0; index < batch.Requests.Count; index++)
        {
            batch.Respond(index, Echo(batch.Requests[index]));
        }

        return null;
    }

    public ValueTask DisposeAsync()
    {
        _gate.Dispose();
        return default;
    }

    private static InferenceResponse Echo(InferenceRequest request) =>
        new(Tensor.Create("y", request.Inputs[0].Shape, request.Inputs[0].GetValues<float>()));

    private async Task WaitAsync(IReadOnlyList<SeenRequest> requests)
    {
        if (_waits)
        {
            Runs.Enqueue(requests);
            await _gate.WaitAsync();
        }
    }
}
