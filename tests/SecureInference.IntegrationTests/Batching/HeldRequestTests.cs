using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using SecureInference.Hosting;
using SecureInference.IntegrationTests.Samples;
using SecureInference.Runtime.Batching;
using SecureInference.TestSupport;

namespace SecureInference.IntegrationTests.Batching;

/// <summary>What a connection keeps for its next request is not touched while a run may read it, although its caller has been answered.</summary>
public sealed class HeldRequestTests : IAsyncDisposable
{
    private const string Model = "fake";
    private readonly ForgetfulModel _model = new();
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());

    public ValueTask DisposeAsync() => _model.DisposeAsync();

    [Fact]
    public async Task Infer_DeadlinePassesWithinASharedRun_NextRequestOfTheConnectionGetsOtherMemory()
    {
        await using var app = await StartAsync();
        using var first = await HangUpWire.ConnectAsync(app.Address);
        using var leaving = await HangUpWire.ConnectAsync(app.Address);
        using var staying = await HangUpWire.ConnectAsync(app.Address);
        await UseOnceAsync(app, leaving, 1);
        _model.HoldRuns();
        await first.SendAsync(Request(app, 2));
        await Eventually.IsTrueAsync(() => _model.Runs.Count == 1, "the lane is taken");
        await leaving.SendAsync(Request(app, 3, ""","timeout":1000000"""));
        await staying.SendAsync(Request(app, 4));
        await UntilWaitingAsync(app, 2);
        _model.LetGo();
        await Eventually.IsTrueAsync(() => _model.Runs.Count == 2, "two requests share a run");
        var shared = _model.Runs.Last();

        _time.Advance(TimeSpan.FromSeconds(3));
        var late = await leaving.ReceiveAsync();
        await leaving.SendAsync(Request(app, 5));
        await UntilWaitingAsync(app, 1);
        float[][] duringTheRun = [.. shared.Select(static seen => seen.Numbers).OrderBy(static numbers => numbers[0])];
        _model.LetGo();
        var stayed = await staying.ReceiveAsync();
        await Eventually.IsTrueAsync(() => _model.Runs.Count == 3, "the connection's next request runs");
        var next = Assert.Single(_model.Runs.Last());
        _model.LetGo();
        var answer = await leaving.ReceiveAsync();

        Assert.Equal(504, late.Status);
        Assert.Equal([Numbers(3), Numbers(4)], duringTheRun);
        Assert.Equal(Numbers(4), stayed.Outputs.ToArray());
        Assert.Equal(Numbers(5), answer.Outputs.ToArray());
        Assert.All(shared, seen => Assert.False(ReferenceEquals(seen.Request, next.Request) || ReferenceEquals(seen.Input, next.Input) || seen.SharesMemoryWith(next)));
    }

    private static float[] Numbers(float first) => [first, first / 2, first / 4, first / 8];

    private static byte[] Request(GuardedApp app, float first, string parameters = "") =>
        HangUpWire.Request(Model, app.Key, parameters, WireTensor.Of("x", "FP32", [1, 4], Numbers(first)));

    /// <summary>Has a connection keep what a request takes.</summary>
    private static async Task UseOnceAsync(GuardedApp app, HangUpWire wire, float first)
    {
        await wire.SendAsync(Request(app, first));
        var answer = await wire.ReceiveAsync();
        Assert.True(answer.Status == 200, answer.Text);
    }

    private static Task UntilWaitingAsync(GuardedApp app, int count)
    {
        var served = Assert.Single(app.Services.GetRequiredService<WatchedRunners>().Models);
        var runner = Assert.IsType<BatchingModelRunner>(served.Queue);
        return Eventually.IsTrueAsync(() => runner.Waiting == count, $"{count} requests wait for the lane");
    }

    private Task<GuardedApp> StartAsync() => GuardedApp.StartAsync(
        guards =>
        {
            guards.Services.AddSingleton(static services => new WatchedRunners(ActivatorUtilities.CreateInstance<ModelRunnerFactory>(services)));
            guards.Services.AddSingleton<IModelRunnerFactory>(static services => services.GetRequiredService<WatchedRunners>());
        },
        settings: new Dictionary<string, string?>
        {
            [$"Models:{Model}:Path"] = "fake.onnx",
            [$"Models:{Model}:MaxBatchSize"] = "4",
            [$"Models:{Model}:MaxQueueDelay"] = "00:00:00",
        },
        services: services => services.AddSingleton<TimeProvider>(_time).AddSingleton<IModelLoader>(_model));
}
