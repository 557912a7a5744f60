namespace SecureInference.Tests.Runtime.Batching;

/// <summary>Who waits, who runs, and who makes room.</summary>
public sealed class TurnsTests
{
    [Fact]
    public async Task RunAsync_OneCallerFloods_ThePoliteOneHasARunOfItsOwnAfterAtMostOne()
    {
        await using var harness = new BatchHarness();
        var occupier = await harness.OccupyAsync();
        var flood = Enumerable.Range(0, 80).Select(value => harness.RunAsync(BatchHarness.Request(value, subject: "flood"))).ToArray();
        var polite = Enumerable.Range(100, 4).Select(value => harness.RunAsync(BatchHarness.Request(value, subject: "polite"))).ToArray();

        harness.Gate.SetResult();
        await Task.WhenAll([occupier, .. flood, .. polite]);

        Assert.Contains(harness.Runs.Take(3), static run => run.SequenceEqual([100, 101, 102, 103]));
        Assert.Equal(12, harness.Runs.Count);
    }

    // Whoever has little shares a run with others who have little.
    [Fact]
    public async Task RunAsync_ManyCallersHaveLittle_TheyShareRuns()
    {
        await using var harness = new BatchHarness();
        var occupier = await harness.OccupyAsync();
        var flood = Enumerable.Range(0, 16).Select(value => harness.RunAsync(BatchHarness.Request(value, subject: "flood"))).ToArray();
        var others = Enumerable.Range(100, 16).Select(value => harness.RunAsync(BatchHarness.Request(value, subject: $"caller {value}"))).ToArray();

        harness.Gate.SetResult();
        await Task.WhenAll([occupier, .. flood, .. others]);

        Assert.Equal([1, 8, 8, 8, 8], harness.Runs.Select(static run => run.Length));
        Assert.All(harness.Runs, static run => Assert.True(Array.TrueForAll(run, static value => value >= 100) || Array.TrueForAll(run, static value => value < 100)));
    }

    [Theory]
    [InlineData(1, 1, "urgent")]
    [InlineData(1, null, "first")]
    [InlineData(1, 10, "first")]
    public async Task RunAsync_PriorityIsAskedFor_CountsWithinTheCallersRights(int asked, int? highest, string expected)
    {
        await using var harness = new BatchHarness(BatchHarness.Plan(maxRows: 1));
        var occupier = await harness.OccupyAsync();
        var first = harness.RunAsync(BatchHarness.Request(1, subject: "first"));
        var urgent = harness.RunAsync(BatchHarness.Request(2, subject: "urgent", priority: asked, highest: highest));

        harness.Gate.SetResult();
        await Task.WhenAll(occupier, first, urgent);

        Assert.Equal(expected == "urgent" ? [-1, 2, 1] : [-1, 1, 2], harness.Runs.Select(static run => run[0]));
    }

    [Fact]
    public async Task RunAsync_QueueIsFull_TheLongestBacklogMakesRoomForACallerWithLess()
    {
        await using var harness = new BatchHarness(BatchHarness.Plan(capacity: 4));
        var occupier = await harness.OccupyAsync();
        var flood = Enumerable.Range(0, 4).Select(value => harness.RunAsync(BatchHarness.Request(value, subject: "flood"))).ToArray();

        using var refused = await harness.RunAsync(BatchHarness.Request(9, subject: "flood"));
        var polite = harness.RunAsync(BatchHarness.Request(5, subject: "polite"));
        using var evicted = await flood[3];
        harness.Gate.SetResult();

        Assert.Equal(InferenceErrorCode.QueueFull, refused.Error?.Code);
        Assert.Equal(InferenceErrorCode.QueueFull, evicted.Error?.Code);
        Assert.True(evicted.Error?.RetryAfter >= TimeSpan.FromSeconds(1));
        Assert.True(BatchHarness.IsAnswerTo(await polite, 5));
        Assert.All(await Task.WhenAll(flood[..3]), static answer => Assert.True(answer.IsSuccess));
        await occupier;
    }

    [Theory]
    [InlineData("one", "one", 8)]
    [InlineData("one", "two", 2)]
    public async Task RunAsync_SeveralCallersSendRequests_BatchesAreSmaller(string first, string second, int expected)
    {
        await using var harness = new BatchHarness(BatchHarness.Plan() with { SharedRows = 2 });
        var occupier = await harness.OccupyAsync("one");
        var waiting = Enumerable.Range(0, 8).Select(value => harness.RunAsync(BatchHarness.Request(value, subject: value < 4 ? first : second))).ToArray();

        harness.Gate.SetResult();
        await Task.WhenAll([occupier, .. waiting]);

        Assert.Equal(expected, harness.Runs.Max(static run => run.Length));
    }

    [Fact]
    public async Task Dispose_RequestsWait_TheyAreAnsweredAndLaterOnesRefused()
    {
        var harness = new BatchHarness();
        var occupier = await harness.OccupyAsync();
        var waiting = Enumerable.Range(0, 20).Select(value => harness.RunAsync(BatchHarness.Request(value))).ToArray();

        var disposal = harness.Sut.DisposeAsync().AsTask();
        using var late = await harness.RunAsync(BatchHarness.Request(99));
        Assert.False(disposal.IsCompleted);
        harness.Gate.SetResult();
        await disposal;

        Assert.Equal(InferenceErrorCode.Draining, late.Error?.Code);
        Assert.All(await Task.WhenAll([occupier, .. waiting]), static answer => Assert.True(answer.IsSuccess));
    }

    [Fact]
    public async Task RunAsync_HangUpsDeadlinesAndFailuresAtRandom_EveryoneIsToldAndNothingIsLeft()
    {
        var seed = 0;
        await using var harness = new BatchHarness(BatchHarness.Plan(capacity: 30), lanes: 2, before: async (_, cancellationToken) =>
        {
            await Task.Yield();
            cancellationToken.ThrowIfCancellationRequested();
            return (Interlocked.Increment(ref seed) % 17) switch
            {
                0 => InferenceErrors.ModelFailed,
                1 => throw new InvalidOperationException("broken"),
                _ => null,
            };
        });
        harness.Gate.SetResult();
        using var stop = new CancellationTokenSource();
        var clock = Task.Run(
            async () =>
            {
                while (!stop.IsCancellationRequested)
                {
                    harness.Time.Advance(TimeSpan.FromMilliseconds(1));
                    await Task.Yield();
                }
            },
            CancellationToken.None);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 24).Select(caller => Task.Run(() => LiveAsync(harness, caller, requests: 300))));
        await stop.CancelAsync();
        await clock;

        Assert.All(outcomes, static count => Assert.Equal(300, count));
        while (!harness.Sut.IsIdle)
        {
            await Task.Yield();
        }

        Assert.True(BatchHarness.IsAnswerTo(await RunUntilFineAsync(harness), 7, 2));
    }

    private static async Task<int> LiveAsync(BatchHarness harness, int caller, int requests)
    {
        var random = new Random(caller);
        var told = 0;
        for (var count = 0; count < requests; count++)
        {
            var (value, rows) = ((caller * 1000) + count, random.Next(1, 9));
            using var gone = new CancellationTokenSource();
            var timeout = random.Next(4) == 0 ? TimeSpan.FromMilliseconds(random.Next(3)) : (TimeSpan?)null;
            var answer = harness.RunAsync(BatchHarness.Request(value, rows, $"caller {caller}", random.Next(1, 12), timeout), gone.Token);
            if (random.Next(3) == 0)
            {
                await Task.Yield();
                await gone.CancelAsync();
            }

            try
            {
                using var response = await answer;
                Assert.True(BatchHarness.IsAnswerTo(response, value, rows) || response.Error?.Code
                    is InferenceErrorCode.QueueFull or InferenceErrorCode.DeadlineExceeded or InferenceErrorCode.ModelFailed);
            }
            catch (OperationCanceledException)
            {
                Assert.True(gone.IsCancellationRequested);
            }

            told++;
        }

        return told;
    }

    private static async Task<InferenceResponse> RunUntilFineAsync(BatchHarness harness)
    {
        while (true)
        {
            var response = await harness.RunAsync(BatchHarness.Request(7, 2));
            if (response.IsSuccess)
            {
                return response;
            }
        }
    }
}
