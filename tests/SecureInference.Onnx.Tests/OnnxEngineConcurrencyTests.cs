using Microsoft.Extensions.Time.Testing;
using SecureInference.TestSupport.Onnx;

namespace SecureInference.Onnx.Tests;

public sealed class OnnxEngineConcurrencyTests
{
    [Fact]
    public async Task Run_CancelledBefore_Throws()
    {
        await using var model = await LoadedModel.LoadAsync(OnnxModels.Scalar());
        using var request = SampleRequest.Create(model.Engine.Metadata, 1);

        var run = async () => await model.Engine.RunAsync(request, new CancellationToken(canceled: true));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(run);
    }

    [Fact]
    public async Task Run_CancelledWhileItWaitsForALane_ThrowsAndTheRunBeforeGoesOn()
    {
        await using var model = await LoadedModel.LoadAsync(OnnxModels.Slow(2_000_000, 64), options => options.Lanes = 1);
        using var running = new CancellationTokenSource();
        using var waiting = new CancellationTokenSource();
        var first = await StartAsync(model, running.Token);
        var second = model.Engine.RunAsync(new InferenceRequest(Some.Floats("x", 1, 64)), waiting.Token).AsTask();

        await waiting.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        Assert.False(first.IsCompleted);

        await running.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
    }

    [Fact]
    public async Task Run_CancelledWhileItRuns_EndsSoonAndTheLaneWorksAfterwards()
    {
        await using var model = await LoadedModel.LoadAsync(EndlessOnDemand(), options => options.Lanes = 1);
        using var cancellation = new CancellationTokenSource();
        using var quick = new InferenceRequest(Some.Floats("x", 1, 16), Tensor.Create<long>("iterations", [], [16]));
        using var endless = new InferenceRequest(Some.Floats("x", 1, 16), Tensor.Create<long>("iterations", [], [long.MaxValue]));

        var run = Task.Run(async () => await model.Engine.RunAsync(endless, cancellation.Token), TestContext.Current.CancellationToken);
        cancellation.CancelAfter(50);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        using var response = await model.Engine.RunAsync(quick, TestContext.Current.CancellationToken);

        Assert.True(response.IsSuccess);
        Assert.Equal(quick.Inputs[0].Data.ToArray(), response.Outputs[0].Data.ToArray());
    }

    [Fact]
    public async Task Run_LaneIsFree_CompletesOnTheCallersThread()
    {
        await using var model = await LoadedModel.LoadAsync(OnnxModels.Scalar());
        using var request = SampleRequest.Create(model.Engine.Metadata, 1);

        var run = model.Engine.RunAsync(request, TestContext.Current.CancellationToken);
        var completed = run.IsCompleted;
        using var response = await run;

        Assert.True(completed);
    }

    [Fact]
    public async Task Run_64CallersAtOnce_EachGetsItsOwnAnswer()
    {
        await using var model = await LoadedModel.LoadAsync(OnnxModels.AddSub(), options => options.Lanes = 3);

        var answers = await Task.WhenAll(Enumerable.Range(0, 64).Select(caller => Task.Run(() => AskManyTimes(model, caller))));

        Assert.All(answers, Assert.True);
    }

    [Fact]
    public async Task Dispose_RunGoesOn_WaitsForItsAnswer()
    {
        var model = await LoadedModel.LoadAsync(OnnxModels.Slow(100_000, 64), options => options.Lanes = 1);
        var run = await StartAsync(model, TestContext.Current.CancellationToken);

        var dispose = model.DisposeAsync().AsTask();
        var late = await model.RunAsync(Some.Floats("x", 1, 64));
        Assert.False(dispose.IsCompleted);
        using var response = await run;
        await dispose;

        Assert.True(response.IsSuccess);
        Assert.Equal(InferenceErrorCode.Draining, late.Error?.Code);
    }

    [Fact]
    public async Task Dispose_RunDoesNotEnd_TerminatesItAndTellsItsCaller()
    {
        var time = new FakeTimeProvider();
        var model = await LoadedModel.LoadAsync(OnnxModels.Slow(2_000_000, 64), options => options.Lanes = 1, time);
        var run = await StartAsync(model, TestContext.Current.CancellationToken);

        var dispose = model.DisposeAsync().AsTask();
        time.Advance(TimeSpan.FromSeconds(31));
        using var response = await run;
        await dispose;

        Assert.Equal(InferenceErrorCode.Draining, response.Error?.Code);
        Assert.Equal(0, model.Logs.Count(2006));
    }

    [Fact]
    public async Task Dispose_UnderLoad_AnswersOrRefusesEveryone()
    {
        for (var round = 0; round < 10; round++)
        {
            var model = await LoadedModel.LoadAsync(OnnxModels.AddSub(), options => options.Lanes = 2);
            var callers = Enumerable.Range(0, 8).Select(_ => Task.Run(() => AskUntilRefused(model))).ToArray();
            await model.RunAsync(Some.Ints("INPUT0", 1, 16), Some.Ints("INPUT1", 1, 16));

            await model.DisposeAsync();

            Assert.All(await Task.WhenAll(callers), code => Assert.Equal(InferenceErrorCode.Draining, code));
        }
    }

    [Fact]
    public async Task Run_Disposed_IsRefused()
    {
        var model = await LoadedModel.LoadAsync(OnnxModels.Scalar());
        await model.DisposeAsync();

        using var response = await model.RunAsync(Tensor.Create<float>("a", [], [3]), Tensor.Create<float>("b", [], [4]));

        Assert.Equal(InferenceErrorCode.Draining, response.Error?.Code);
    }

    private static async Task<InferenceErrorCode> AskUntilRefused(LoadedModel model)
    {
        while (true)
        {
            using var response = await model.RunAsync(Some.Ints("INPUT0", 2, 16), Some.Ints("INPUT1", 2, 16));
            if (response.Error is { } error)
            {
                return error.Code;
            }
        }
    }

    private static async Task<bool> AskManyTimes(LoadedModel model, int caller)
    {
        for (var round = 0; round < 50; round++)
        {
            var (rows, seed) = (1 + ((caller + round) % 8), caller * 1000);
            using var response = await model.RunAsync(Some.Ints("INPUT0", rows, 16, seed), Some.Ints("INPUT1", rows, 16, seed));
            var expected = Enumerable.Range(seed, rows * 16).Select(value => 2 * value);
            if (!response.IsSuccess || !response.Outputs[0].GetValues<int>().SequenceEqual([.. expected]))
            {
                return false;
            }
        }

        return true;
    }

    // On a thread of its own, which the run keeps; until it has the lane.
    private static async Task<Task<InferenceResponse>> StartAsync(LoadedModel model, CancellationToken cancellationToken)
    {
        var run = Task.Run(async () => await model.Engine.RunAsync(new InferenceRequest(Some.Floats("x", 1, 64)), cancellationToken), CancellationToken.None);
        while (((OnnxEngine)model.Engine).IdleLanes > 0)
        {
            await Task.Yield();
        }

        return run;
    }

    // A loop whose length the request says, and the warm-up says 1.
    private static byte[] EndlessOnDemand() => new OnnxModelBuilder("endless")
        .Input("x", OnnxType.Float, "batch", 16).Input("iterations", OnnxType.Int64).Output("y", OnnxType.Float, "batch", 16)
        .Node("Loop", ["iterations", "", "x"], ["y"], OnnxAttribute.Graph("body", new OnnxModelBuilder("body")
            .Input("iteration", OnnxType.Int64).Input("go_on", OnnxType.Bool).Input("from", OnnxType.Float, "batch", 16)
            .Output("still", OnnxType.Bool).Output("to", OnnxType.Float, "batch", 16)
            .Node("Identity", ["go_on"], ["still"])
            .Node("Identity", ["from"], ["to"])))
        .Build();
}
