using SecureInference.TestSupport;

namespace SecureInference.Tests.Runtime.Batching;

public sealed class BatchingTests
{
    [Fact]
    public async Task RunAsync_SeveralWait_RunTogetherAndEachGetsItsOwnRows()
    {
        await using var harness = new BatchHarness();
        var occupier = await harness.OccupyAsync();
        int[] rows = [1, 3, 2, 1];
        var answers = rows.Select((count, index) => harness.RunAsync(BatchHarness.Request(10 * index, count, $"caller {index}"))).ToArray();

        harness.Gate.SetResult();

        Assert.True(BatchHarness.IsAnswerTo(await occupier, -1));
        for (var index = 0; index < rows.Length; index++)
        {
            Assert.True(BatchHarness.IsAnswerTo(await answers[index], 10 * index, rows[index]));
        }

        Assert.Equal([1, 7], harness.Runs.Select(static run => run.Length));
    }

    [Theory]
    [InlineData(8, new[] { 1, 8, 8, 4 })]
    [InlineData(1, new[] { 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1 })]
    public async Task RunAsync_MoreWaitThanABatchHolds_RunInSeveral(int maxRows, int[] expected)
    {
        await using var harness = new BatchHarness(BatchHarness.Plan(maxRows));
        var occupier = await harness.OccupyAsync();
        var answers = Enumerable.Range(0, 20).Select(index => harness.RunAsync(BatchHarness.Request(index))).ToArray();

        harness.Gate.SetResult();
        await Task.WhenAll(answers);
        await occupier;

        Assert.Equal(expected, harness.Runs.Select(static run => run.Length));
    }

    [Fact]
    public async Task RunAsync_RequestDoesNotFitAnyMore_StaysWhole()
    {
        await using var harness = new BatchHarness();
        var occupier = await harness.OccupyAsync();
        var answers = new[] { 5, 5, 5 }.Select((rows, index) => harness.RunAsync(BatchHarness.Request(index, rows))).ToArray();

        harness.Gate.SetResult();
        await Task.WhenAll([occupier, .. answers]);

        Assert.Equal([1, 5, 5, 5], harness.Runs.Select(static run => run.Length));
        Assert.True(BatchHarness.IsAnswerTo(await answers[2], 2, 5));
    }

    [Fact]
    public async Task RunAsync_BatchFailsOfOneRequest_OnlyThatOneFails()
    {
        await using var harness = new BatchHarness(before: static (request, _) => ValueTask.FromResult(
            request.Inputs[0].GetValues<float>().Contains(13) ? InferenceErrors.ModelRejectedInput : null));
        var occupier = await harness.OccupyAsync();
        var answers = Enumerable.Range(11, 5).Select(value => harness.RunAsync(BatchHarness.Request(value))).ToArray();

        harness.Gate.SetResult();
        await Task.WhenAll([occupier, .. answers]);

        Assert.Equal(InferenceErrorCode.ModelRejectedInput, (await answers[2]).Error?.Code);
        Assert.All([0, 1, 3, 4], index => Assert.True(BatchHarness.IsAnswerTo(answers[index].Result, 11 + index)));
        Assert.Equal([1, 5, 1, 1, 1, 1, 1], harness.Runs.Select(static run => run.Length));
    }

    [Fact]
    public async Task RunAsync_EngineThrowsInABatch_EachIsToldAndTheLaneGoesOn()
    {
        var isBroken = true;
        await using var harness = new BatchHarness(before: (request, _) =>
            isBroken && request.Inputs[0].Shape[0] > 1 ? throw new InvalidOperationException("secret") : ValueTask.FromResult<InferenceError?>(null));
        var occupier = await harness.OccupyAsync();
        var answers = Enumerable.Range(0, 3).Select(value => harness.RunAsync(BatchHarness.Request(value))).ToArray();

        harness.Gate.SetResult();
        await Task.WhenAll([occupier, .. answers]);
        isBroken = false;

        Assert.All(answers, static answer => Assert.Equal(InferenceErrorCode.ModelFailed, answer.Result.Error?.Code));
        Assert.Single(harness.Log.Entries, static entry => entry.EventId == 1310);
        Assert.True(BatchHarness.IsAnswerTo(await harness.RunAsync(BatchHarness.Request(5, 2)), 5, 2));
    }

    [Fact]
    public async Task RunAsync_OneOfABatchHangsUp_TheOthersAreAnswered()
    {
        await using var harness = new BatchHarness();
        var (occupier, first, second, third) = await ThreeInABatchAsync(harness);

        await second.Gone.CancelAsync();
        harness.Gate.SetResult();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second.Answer);
        Assert.True(BatchHarness.IsAnswerTo(await first.Answer, 1));
        Assert.True(BatchHarness.IsAnswerTo(await third.Answer, 3));
        await occupier;
    }

    [Fact]
    public async Task RunAsync_AllOfABatchHangUp_TheRunEndsAndTheLaneGoesOn()
    {
        await using var harness = new BatchHarness();
        var running = await harness.OccupyAsync();
        using var gone = new CancellationTokenSource();
        var waiting = harness.RunAsync(BatchHarness.Request(1), gone.Token);
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);

        // The gate stays shut: only their end makes room.
        using var runningGone = new CancellationTokenSource();
        await using var other = new BatchHarness();
        var alone = other.RunAsync(BatchHarness.Request(1), runningGone.Token);
        await Eventually(() => other.Model.Runs == 1);
        await runningGone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => alone);

        other.Gate.SetResult();
        Assert.True(BatchHarness.IsAnswerTo(await other.RunAsync(BatchHarness.Request(2)), 2));
        harness.Gate.SetResult();
        await running;
    }

    [Fact]
    public async Task RunAsync_DeadlinePassesInARun_IsToldAndTheOthersAreAnswered()
    {
        await using var harness = new BatchHarness();
        var occupier = await harness.OccupyAsync();
        var hurried = harness.RunAsync(BatchHarness.Request(1, timeout: TimeSpan.FromSeconds(5)));
        var patient = harness.RunAsync(BatchHarness.Request(2));

        harness.Time.Advance(TimeSpan.FromSeconds(5));
        var error = (await hurried).Error;
        harness.Gate.SetResult();

        Assert.Equal(InferenceErrorCode.DeadlineExceeded, error?.Code);
        Assert.True(BatchHarness.IsAnswerTo(await patient, 2));
        await occupier;
    }

    [Fact]
    public async Task RunAsync_RequestsOfOtherShapes_NeverShareARun()
    {
        var model = FakeModel.Create(
            [new TensorSpec("x", TensorDataType.Float32, [-1, -1])],
            [new TensorSpec("y", TensorDataType.Float32, [-1, -1])],
            static (request, _) => ValueTask.FromResult(new InferenceResponse(Tensor.Create("y", request.Inputs[0].Shape, request.Inputs[0].GetValues<float>()))));
        Assert.True(SecureInference.Runtime.Batching.BatchRule.HasRowsThroughout(model.Metadata));
        using var narrow = new InferenceRequest(Tensor.Create<float>("x", [1, 2], [1, 2]));
        using var wide = new InferenceRequest(Tensor.Create<float>("x", [1, 3], [1, 2, 3]));
        using var tall = new InferenceRequest(Tensor.Create<float>("x", [2, 2], [1, 2, 3, 4]));

        Assert.False(SecureInference.Runtime.Batching.BatchRule.Fit(narrow, wide));
        Assert.True(SecureInference.Runtime.Batching.BatchRule.Fit(narrow, tall));
    }

    private static async Task<(Task Occupier, Waiting First, Waiting Second, Waiting Third)> ThreeInABatchAsync(BatchHarness harness)
    {
        var occupier = await harness.OccupyAsync();
        return (occupier, Waiting.Start(harness, 1), Waiting.Start(harness, 2), Waiting.Start(harness, 3));
    }

    private static async Task Eventually(Func<bool> condition)
    {
        while (!condition())
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private sealed record Waiting(Task<InferenceResponse> Answer, CancellationTokenSource Gone)
    {
        public static Waiting Start(BatchHarness harness, float value)
        {
            var gone = new CancellationTokenSource();
            return new Waiting(harness.RunAsync(BatchHarness.Request(value), gone.Token), gone);
        }
    }
}
