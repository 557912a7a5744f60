namespace SecureInference.Tests.Runtime.Batching;

/// <summary>How long a lane waits for requests that are on their way in.</summary>
public sealed class CompanyTests
{
    [Fact]
    public async Task RunAsync_OthersAreOnTheirWay_TheLaneWaitsForThemAndNoLonger()
    {
        await using var harness = new BatchHarness();
        harness.Gate.SetResult();
        harness.Sut.Announce();

        var first = harness.RunAsync(BatchHarness.Request(1));
        var second = harness.RunAsync(BatchHarness.Request(2));
        await Task.Delay(20, TestContext.Current.CancellationToken);
        var runsMeanwhile = harness.Runs.Count;
        harness.Sut.Withdraw();

        Assert.True(BatchHarness.IsAnswerTo(await first, 1));
        Assert.True(BatchHarness.IsAnswerTo(await second, 2));
        Assert.Equal(0, runsMeanwhile);
        Assert.Equal([2], harness.Runs.Select(static run => run.Length));
    }

    // Whoever is answered is likely to ask again: its place is kept from the run's end until its answer is written.
    [Fact]
    public async Task RunAsync_AnAnswerIsBeingWritten_TheLaneWaitsForItsCaller()
    {
        await using var harness = new BatchHarness();
        harness.Gate.SetResult();
        harness.Sut.Announce();
        using var answer = await harness.Sut.RunAsync(
            new InferenceRequest(BatchHarness.Request(1).Inputs) { IsAnnounced = true }, TestContext.Current.CancellationToken);

        var next = harness.RunAsync(BatchHarness.Request(2));
        await Task.Delay(20, TestContext.Current.CancellationToken);
        var runsMeanwhile = harness.Runs.Count;
        harness.Sut.Withdraw();

        Assert.True(BatchHarness.IsAnswerTo(await next, 2));
        Assert.Equal(1, runsMeanwhile);
    }

    [Fact]
    public async Task RunAsync_AnAnnouncedRequestWaits_ItIsNotOnItsWayAnyMore()
    {
        await using var harness = new BatchHarness();
        harness.Gate.SetResult();
        harness.Sut.Announce();

        using var answer = await harness.RunAsync(new InferenceRequest(BatchHarness.Request(1).Inputs) { IsAnnounced = true })
            .WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);

        Assert.True(BatchHarness.IsAnswerTo(answer, 1));
        harness.Sut.Withdraw();
    }

    [Fact]
    public async Task RunAsync_OthersAreOnTheirWayAndTheBatchIsFull_RunsAtOnce()
    {
        await using var harness = new BatchHarness(BatchHarness.Plan(maxRows: 2));
        harness.Gate.SetResult();
        harness.Sut.Announce();

        await Task.WhenAll(harness.RunAsync(BatchHarness.Request(1)), harness.RunAsync(BatchHarness.Request(2)));

        Assert.Equal([2], harness.Runs.Select(static run => run.Length));
        harness.Sut.Withdraw();
    }

    [Fact]
    public async Task RunAsync_OthersNeverCome_RunsAfterTheDelay()
    {
        await using var harness = new BatchHarness(BatchHarness.Plan() with { MaxDelay = TimeSpan.FromMilliseconds(5) });
        harness.Gate.SetResult();
        harness.Sut.Announce();
        var answer = harness.RunAsync(BatchHarness.Request(1));

        while (!answer.IsCompleted)
        {
            harness.Time.Advance(TimeSpan.FromMilliseconds(1));
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }

        Assert.True(BatchHarness.IsAnswerTo(await answer, 1));
        harness.Sut.Withdraw();
    }
}
