using Microsoft.Extensions.Time.Testing;
using SecureInference.Runtime;
using SecureInference.Runtime.Batching;
using SecureInference.Tests.Abstractions;
using SecureInference.TestSupport;

namespace SecureInference.Tests.Runtime.Batching;

public sealed class BatchingModelRunnerTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RunAsync_LaneIsFree_Runs()
    {
        var model = FakeModel.Echo();

        using var response = await CreateSut(model).RunAsync(Request(), Cancelled);

        Assert.True(response.IsSuccess);
        Assert.Equal(1, model.Runs);
    }

    [Fact]
    public async Task RunAsync_LanesBusyAndQueueFull_IsRefusedAtOnceAndNeverRuns()
    {
        var model = FakeModel.Gated(_gate.Task);
        var sut = CreateSut(model, queue: 1);
        var running = Start(sut, 3);

        using var refused = await sut.RunAsync(Request(), Cancelled);
        _gate.SetResult();
        var answers = await Task.WhenAll(running);

        Assert.Equal(InferenceErrorCode.QueueFull, refused.Error?.Code);
        Assert.Equal("Exceeds maximum queue size for model 'fake'.", refused.Error?.Detail);
        Assert.All(answers, answer => Assert.True(answer.IsSuccess));
        Assert.Equal(3, model.Runs);
    }

    [Fact]
    public async Task RunAsync_QueueOfZero_StillUsesEveryLane()
    {
        var sut = CreateSut(FakeModel.Gated(_gate.Task), queue: 0);
        var running = Start(sut, 2);

        using var refused = await sut.RunAsync(Request(), Cancelled);
        _gate.SetResult();

        Assert.Equal(InferenceErrorCode.QueueFull, refused.Error?.Code);
        Assert.All(await Task.WhenAll(running), answer => Assert.True(answer.IsSuccess));
        Assert.True((await sut.RunAsync(Request(), Cancelled)).IsSuccess);
    }

    [Fact]
    public async Task RunAsync_Waiters_AreServedInTheOrderInWhichTheyCame()
    {
        var order = new List<long>();
        var model = FakeModel.Create([], [], async (request, cancellationToken) =>
        {
            lock (order)
            {
                order.Add(request.Inputs[0].GetValues<long>()[0]);
            }

            await _gate.Task.WaitAsync(cancellationToken);
            await Task.Yield();
            return new InferenceResponse([]);
        });
        var sut = CreateSut(await WithLanesAsync(model, 1), queue: 50);

        var running = Enumerable.Range(0, 51)
            .Select(index => sut.RunAsync(new InferenceRequest(Tensor.Create<long>("x", [1], [index])), Cancelled).AsTask()).ToArray();
        _gate.SetResult();
        await Task.WhenAll(running);

        Assert.Equal(Enumerable.Range(0, 51).Select(index => (long)index), order);
    }

    [Fact]
    public async Task RunAsync_DeadlinePassesInTheQueue_IsRefusedAndFreesItsPlace()
    {
        var model = FakeModel.Gated(_gate.Task);
        var sut = CreateSut(await WithLanesAsync(model, 1), queue: 1, seconds: 10);
        var running = Start(sut, 1);
        var waiting = sut.RunAsync(Request(TimeSpan.FromSeconds(3)), Cancelled).AsTask();

        _time.Advance(TimeSpan.FromSeconds(3));
        var answer = await waiting.WaitAsync(TimeSpan.FromMinutes(1), Cancelled);
        var runsMeanwhile = model.Runs;
        var next = sut.RunAsync(Request(), Cancelled).AsTask();
        _gate.SetResult();

        Assert.Equal(InferenceErrorCode.DeadlineExceeded, answer.Error?.Code);
        Assert.Equal(1, runsMeanwhile);
        Assert.True((await running[0]).IsSuccess);
        Assert.True((await next).IsSuccess);
    }

    [Theory]
    [InlineData(3, 3, true)]
    [InlineData(60, 10, false)]
    [InlineData(10, 10, false)]
    public async Task RunAsync_RequestHasATimeout_TheSmallerOneCounts(int asked, int expected, bool isCallersChoice)
    {
        var sut = CreateSut(FakeModel.Gated(_gate.Task), seconds: 10);
        var running = sut.RunAsync(Request(TimeSpan.FromSeconds(asked)), Cancelled).AsTask();

        _time.Advance(TimeSpan.FromSeconds(expected) - TimeSpan.FromMilliseconds(1));
        var isEarly = running.IsCompleted;
        _time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.False(isEarly);
        var error = (await running.WaitAsync(TimeSpan.FromMinutes(1), Cancelled)).Error;
        Assert.Equal(InferenceErrorCode.DeadlineExceeded, error?.Code);
        Assert.Equal(isCallersChoice, error!.IsCallersChoice);
    }

    [Fact]
    public async Task RunAsync_RequestAsksForNoTimeout_TheModelsStaysInForce()
    {
        var sut = CreateSut(FakeModel.Gated(_gate.Task), seconds: 10);
        var running = sut.RunAsync(Request(Timeout.InfiniteTimeSpan), Cancelled).AsTask();

        _time.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal(InferenceErrorCode.DeadlineExceeded, (await running.WaitAsync(TimeSpan.FromMinutes(1), Cancelled)).Error?.Code);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-5)]
    public async Task RunAsync_RequestHasNoTimeLeft_IsRefused(int seconds)
    {
        using var response = await CreateSut(FakeModel.Gated(_gate.Task)).RunAsync(Request(TimeSpan.FromSeconds(seconds)), Cancelled);

        Assert.Equal(InferenceErrorCode.DeadlineExceeded, response.Error?.Code);
    }

    [Fact]
    public async Task RunAsync_CallerGoesAwayInTheQueue_ThrowsAndFreesItsPlace()
    {
        var model = FakeModel.Gated(_gate.Task);
        var sut = CreateSut(model, queue: 1);
        var running = Start(sut, 2);
        using var gone = new CancellationTokenSource();
        var waiting = sut.RunAsync(Request(), gone.Token).AsTask();

        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        var next = sut.RunAsync(Request(), Cancelled).AsTask();
        _gate.SetResult();

        Assert.True((await next).IsSuccess);
        Assert.All(await Task.WhenAll(running), answer => Assert.True(answer.IsSuccess));
        Assert.Equal(3, model.Runs);
    }

    [Fact]
    public async Task RunAsync_EngineThrows_FailsAndFreesTheLane()
    {
        var model = FakeModel.Create([], [], static (_, _) => throw new InvalidOperationException("broken"));
        var sut = CreateSut(model, queue: 0);

        for (var round = 0; round < 5; round++)
        {
            using var answer = await sut.RunAsync(Request(), Cancelled);
            Assert.Equal(InferenceErrorCode.ModelFailed, answer.Error?.Code);
        }

        Assert.Equal(5, model.Runs);
    }

    [Fact]
    public async Task RunAsync_ManyCallersSomeOfWhomGo_NeverPassesTheLanesAndEndsEach()
    {
        const int Callers = 600;
        var inside = 0;
        var most = 0;
        var model = FakeModel.Create([], [], async (_, cancellationToken) =>
        {
            var now = Interlocked.Increment(ref inside);
            InterlockedMax(ref most, now);
            try
            {
                await Task.Yield();
                cancellationToken.ThrowIfCancellationRequested();
                return new InferenceResponse([]);
            }
            finally
            {
                Interlocked.Decrement(ref inside);
            }
        });
        var sut = CreateSut(await WithLanesAsync(model, 3), queue: 20);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, Callers).Select(index => Task.Run(async () =>
        {
            using var gone = new CancellationTokenSource();
            var run = sut.RunAsync(Request(), gone.Token).AsTask();
            if (index % 3 == 0)
            {
                await gone.CancelAsync();
            }

            try
            {
                return (await run).Error?.Code.ToString() ?? "answered";
            }
            catch (OperationCanceledException)
            {
                return "gone";
            }
        }))).WaitAsync(TimeSpan.FromMinutes(1), Cancelled);

        Assert.InRange(most, 1, 3);
        Assert.Equal(0, inside);
        Assert.All(outcomes, outcome => Assert.Contains(outcome, new[] { "answered", "gone", "QueueFull" }));
        Assert.All(await Task.WhenAll(Start(sut, 23)), answer => Assert.True(answer.IsSuccess));
    }

    private static void InterlockedMax(ref int target, int value)
    {
        int seen;
        while ((seen = Volatile.Read(ref target)) < value && Interlocked.CompareExchange(ref target, value, seen) != seen)
        {
        }
    }

    private static InferenceRequest Request(TimeSpan? timeout = null) =>
        new(Tensor.Create<float>("x", [1, 4], [1, 2, 3, 4])) { Timeout = timeout };

    private static async Task<FakeModel> WithLanesAsync(FakeModel model, int lanes)
    {
        await model.LoadAsync("fake", new ModelOptions { Lanes = lanes }, Cancelled);
        return model;
    }

    private static Task<InferenceResponse>[] Start(BatchingModelRunner sut, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => sut.RunAsync(Request(), Cancelled).AsTask())];

    private BatchingModelRunner CreateSut(FakeModel model, int queue = 128, int seconds = 30) => new(
        model, new BatchingPlan { Capacity = queue, Timeout = TimeSpan.FromSeconds(seconds) }, Some.Part<RuntimeTelemetry>(), _time);
}
