using Microsoft.Extensions.Time.Testing;
using SecureInference.Runtime;
using SecureInference.Runtime.Batching;
using SecureInference.Tests.Abstractions;
using SecureInference.TestSupport;

namespace SecureInference.Tests.Runtime.Batching;

/// <summary>A runner over a model that says what it ran: FP32 "x" of [-1,2] to "y" of [-1,1], the sum of each row.</summary>
internal sealed class BatchHarness : IAsyncDisposable
{
    private readonly List<float[]> _runs = [];

    public BatchHarness(BatchingPlan? plan = null, int lanes = 1, Func<InferenceRequest, CancellationToken, ValueTask<InferenceError?>>? before = null)
    {
        Model = FakeModel.Create(
            [new TensorSpec("x", TensorDataType.Float32, [-1, 2])],
            [new TensorSpec("y", TensorDataType.Float32, [-1, 1])],
            async (request, cancellationToken) =>
            {
                var x = request.Inputs[0].GetValues<float>().ToArray();
                lock (_runs)
                {
                    _runs.Add([.. x.Chunk(2).Select(static row => row[0])]);
                }

                await Gate.Task.WaitAsync(cancellationToken);
                return before is not null && await before(request, cancellationToken) is { } error ? new InferenceResponse(error) : Sum(x);
            });
        Model.LoadAsync("fake", new ModelOptions { Lanes = lanes }, default).AsTask().GetAwaiter().GetResult();
        Sut = new BatchingModelRunner(Model, plan ?? Plan(), Some.LoggingPart<RuntimeTelemetry>(Log), Time);
    }

    public FakeTimeProvider Time { get; } = new();

    public CollectedLog Log { get; } = new();

    public FakeModel Model { get; }

    public BatchingModelRunner Sut { get; }

    /// <summary>Opens the way for all runs.</summary>
    public TaskCompletionSource Gate { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The runs: the value of each row.</summary>
    public IReadOnlyList<float[]> Runs
    {
        get
        {
            lock (_runs)
            {
                return [.. _runs];
            }
        }
    }

    public static BatchingPlan Plan(int maxRows = 8, int capacity = 1000) => new()
    {
        Capacity = capacity,
        Timeout = TimeSpan.FromSeconds(30),
        MaxRows = maxRows,
        PreferredRows = maxRows,
        SharedRows = maxRows,
        MaxDelay = TimeSpan.FromSeconds(1),
        MaxInlineRun = TimeSpan.FromMilliseconds(1),
    };

    public static InferenceRequest Request(float value, int rows = 1, string subject = "one", int? priority = null, TimeSpan? timeout = null, int? highest = 1) =>
        new(Tensor.Create<float>("x", [rows, 2], [.. Enumerable.Range(0, rows).SelectMany(row => new[] { value, row })]))
        {
            Caller = new Caller(subject, "Test", Some.Scopes()) { HighestPriority = highest },
            Priority = priority,
            Timeout = timeout,
        };

    /// <summary>Says whether an answer is that of a request of <see cref="Request"/>.</summary>
    public static bool IsAnswerTo(InferenceResponse response, float value, int rows = 1) =>
        response.IsSuccess && response.Outputs[0].Shape.SequenceEqual([rows, 1])
            && response.Outputs[0].GetValues<float>().SequenceEqual([.. Enumerable.Range(0, rows).Select(row => value + row)]);

    public Task<InferenceResponse> RunAsync(InferenceRequest request, CancellationToken? cancellationToken = null) =>
        Sut.RunAsync(request, cancellationToken ?? TestContext.Current.CancellationToken).AsTask();

    /// <summary>Takes the only lane with a request of its own, so that what comes next waits.</summary>
    public async Task<Task<InferenceResponse>> OccupyAsync(string subject = "occupier")
    {
        var runs = Model.Runs;
        var run = RunAsync(Request(-1, subject: subject));
        while (Model.Runs == runs)
        {
            await Task.Yield();
        }

        return run;
    }

    public async ValueTask DisposeAsync()
    {
        Gate.TrySetResult();
        await Sut.DisposeAsync();
    }

    private static InferenceResponse Sum(float[] x) =>
        new(Tensor.Create<float>("y", [x.Length / 2, 1], [.. x.Chunk(2).Select(static row => row[0] + row[1])]));
}
