using SecureInference.TestSupport;

namespace SecureInference.Tests.Runtime.Batching;

/// <summary>An engine that reads its requests only once it may end its run, and answers each with its own numbers.</summary>
internal sealed class LateEngine : IModelEngine
{
    private readonly FakeModel _model = FakeModel.Echo();
    private readonly List<float[]> _read = [];
    private int _started;

    public LateEngine(int lanes) =>
        // A name of its own: tests that run beside this one have engines too.
        _model.LoadAsync($"late-{Guid.NewGuid():N}", new ModelOptions { Lanes = lanes }, default).AsTask().GetAwaiter().GetResult();

    /// <summary>Lets runs of several requests end.</summary>
    public TaskCompletionSource Gate { get; set; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Lets runs of one request end; open, unless a test closes it.</summary>
    public Task Alone { get; set; } = Task.CompletedTask;

    /// <summary>What runs of several requests answer instead.</summary>
    public InferenceError? Error { get; set; }

    /// <summary>The thread of the last run.</summary>
    public Thread? Thread { get; private set; }

    public CancellationToken Token { get; private set; }

    public int Started => Volatile.Read(ref _started);

    /// <summary>The numbers of each request, as they were when they were read.</summary>
    public IReadOnlyList<float[]> Read
    {
        get
        {
            lock (_read)
            {
                return [.. _read];
            }
        }
    }

    public ModelMetadata Metadata => _model.Metadata;

    public int Lanes => _model.Lanes;

    public async ValueTask<InferenceResponse> RunAsync(InferenceRequest request, CancellationToken cancellationToken = default)
    {
        Begin(cancellationToken);
        await Alone;
        return Answer(request);
    }

    public async ValueTask<InferenceError?> RunBatchAsync(InferenceBatch batch, CancellationToken cancellationToken)
    {
        Begin(cancellationToken);
        await Gate.Task;
        for (var index = 0; index < batch.Requests.Count && Error is null; index++)
        {
            batch.Respond(index, Answer(batch.Requests[index]));
        }

        return Error;
    }

    public ValueTask DisposeAsync() => _model.DisposeAsync();

    private void Begin(CancellationToken cancellationToken)
    {
        Thread = Thread.CurrentThread;
        Token = cancellationToken;
        Interlocked.Increment(ref _started);
    }

    private InferenceResponse Answer(InferenceRequest request)
    {
        var x = request.Inputs[0].GetValues<float>().ToArray();
        lock (_read)
        {
            _read.Add(x);
        }

        return new InferenceResponse(Tensor.Create<float>("y", [1, 4], x));
    }
}
