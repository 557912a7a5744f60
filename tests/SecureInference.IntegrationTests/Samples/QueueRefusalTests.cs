using System.Net;
using Microsoft.Extensions.DependencyInjection;
using SecureInference.TestSupport;

namespace SecureInference.IntegrationTests.Samples;

public sealed class QueueRefusalTests
{
    private const string Infer = "/v2/models/gated/infer";
    private static readonly WireTensor Row = WireTensor.Of("x", "FP32", [1, 4], 1f, 2f, 3f, 4f);

    [Fact]
    public async Task Infer_QueueIsFull_Is503AndThoseInTheQueueAreAnswered()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var model = FakeModel.Gated(gate.Task);
        await using var app = await StartAsync(model);
        var requests = Enumerable.Range(0, 6).Select(index => app.Client.PostAsync(
            Infer, InferBody.Json($"{index}", Row), TestContext.Current.CancellationToken)).ToArray();
        await Eventually.IsTrueAsync(() => requests.Count(static request => request.IsCompleted) == 4, "all but one lane and one place are refused");

        var refused = requests.Where(static request => request.IsCompleted).ToArray();
        gate.SetResult();

        foreach (var request in refused)
        {
            var refusal = await Refusal.ReadAsync(await request);
            Assert.Equal((503, "queue_full"), (refusal.Status, refusal.Rule));
            Assert.Equal("1", refusal.Header("Retry-After"));
            Assert.True(refusal.HasRateLimit);
        }

        foreach (var request in requests.Except(refused))
        {
            Assert.Equal(Row.Data, (await InferAnswer.ReadAsync(await request)).Outputs[0].Data);
        }

        Assert.Equal(2, model.Runs);
    }

    [Fact]
    public async Task Infer_DeadlinePassesInTheRun_Is504()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var app = await StartAsync(FakeModel.Gated(gate.Task));

        var refusal = await Refusal.PostAsync(app.Client, Infer, WithTimeout());

        Assert.Equal((504, "deadline_exceeded"), (refusal.Status, refusal.Rule));
        Assert.True(refusal.HasRateLimit);
    }

    [Fact]
    public async Task Infer_DeadlinePassesInTheQueue_Is504AndItsPlaceIsFreeAgain()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var model = FakeModel.Gated(gate.Task);
        await using var app = await StartAsync(model);
        var running = app.Client.PostAsync(Infer, InferBody.Json("running", Row), TestContext.Current.CancellationToken);
        await Eventually.IsTrueAsync(() => model.Runs == 1, "the only lane is taken");

        var first = await Refusal.PostAsync(app.Client, Infer, WithTimeout());
        var second = await Refusal.PostAsync(app.Client, Infer, WithTimeout());
        gate.SetResult();

        Assert.Equal((504, 504), (first.Status, second.Status));
        Assert.Equal(HttpStatusCode.OK, (await running).StatusCode);
        Assert.Equal(1, model.Runs);
    }

    private static HttpContent WithTimeout() => InferBody.Text(
        $$"""{"parameters":{"timeout":20000},"inputs":[{"name":"x","shape":[1,4],"datatype":"FP32","data":{{Row.DataToJson()}}}]}""");

    private static Task<GuardedApp> StartAsync(FakeModel model) => GuardedApp.StartAsync(guards => guards.Services
        .AddSingleton<IModelLoader>(model)
        .AddSingleton(new ModelRegistration("gated", new ModelOptions { Lanes = 1, MaxQueueLength = 1 })));
}
