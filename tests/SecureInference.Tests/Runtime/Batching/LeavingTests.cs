namespace SecureInference.Tests.Runtime.Batching;

/// <summary>Callers who go, or run out of time, while a run goes on that others wait for, or nobody.</summary>
public sealed class LeavingTests
{
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(3);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task RunAsync_LeavesASharedRun_IsToldAtOnceAndTheRunGoesOnWithItsRows(bool isHangUp)
    {
        await using var harness = new LateHarness();
        using var gone = new CancellationTokenSource();
        var leaving = LateHarness.Request(1, isHangUp ? null : Short);
        using var staying = LateHarness.Request(2);
        var answers = await harness.ShareAsync((leaving, gone.Token), (staying, default));

        await LeaveAsync(harness, isHangUp ? gone : null, answers[0]);
        leaving.Dispose();
        LateHarness.PoisonPool();
        var isOthersToldEarly = answers[1].IsCompleted;
        var isHeld = leaving.Inputs[0].Data.Length != 0;
        harness.Engine.Gate.SetResult();
        using var other = await LateHarness.Soon(answers[1]);

        Assert.False(isOthersToldEarly);
        Assert.True(isHeld);
        Assert.True(LateHarness.IsAnswerTo(other, 2));
        Assert.Contains([1, 1, 1, 1], harness.Engine.Read);
        await LateHarness.UntilAsync(() => leaving.Inputs[0].Data.Length == 0 && harness.Sut.IsIdle);
        Assert.Equal(0, harness.Sut.Line.Requests.Rented);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task RunAsync_AllLeave_TheRunIsTerminatedAndItsLaneIsBusyUntilItEnds(bool isHangUp)
    {
        await using var harness = new LateHarness();
        using var gone = new CancellationTokenSource();
        var requests = new[] { LateHarness.Request(1, isHangUp ? null : Short), LateHarness.Request(2, isHangUp ? null : Short) };
        var answers = await harness.ShareAsync((requests[0], gone.Token), (requests[1], gone.Token));
        var isTerminatedEarly = harness.Engine.Token.IsCancellationRequested;

        await LeaveAsync(harness, isHangUp ? gone : null, answers);
        Array.ForEach(requests, static request => request.Dispose());
        await LateHarness.UntilAsync(() => harness.Engine.Token.IsCancellationRequested);
        using var next = LateHarness.Request(3);
        var answer = harness.RunAsync(next);
        var free = harness.Sut.Line.Lanes.Free;
        var isIdle = harness.Sut.IsIdle;
        harness.Engine.Gate.SetResult();

        Assert.False(isTerminatedEarly);
        Assert.Equal((0, false), (free, isIdle));
        Assert.True(LateHarness.IsAnswerTo(await LateHarness.Soon(answer), 3));
        await LateHarness.UntilAsync(() => harness.Sut.IsIdle && Array.TrueForAll(requests, static request => request.Inputs[0].Data.Length == 0));
        Assert.Equal((0, 1), (harness.Sut.Line.Requests.Rented, harness.Sut.Line.Lanes.Free));
    }

    // What stands for a request in the queue is used again at once: its old run must not answer the new one.
    [Fact]
    public async Task RunAsync_ItsPlaceIsUsedAgainWhileTheRunGoesOn_EachGetsItsOwn()
    {
        await using var harness = new LateHarness();
        using var leaving = LateHarness.Request(1, Short);
        using var staying = LateHarness.Request(2);
        var answers = await harness.ShareAsync((leaving, default), (staying, default));
        await LeaveAsync(harness, null, answers[0]);

        using var next = LateHarness.Request(3);
        var answer = harness.RunAsync(next);
        harness.Engine.Error = InferenceErrors.ModelFailed;
        harness.Engine.Gate.SetResult();

        Assert.True(LateHarness.IsAnswerTo(await LateHarness.Soon(answers[1]), 2));
        Assert.True(LateHarness.IsAnswerTo(await LateHarness.Soon(answer), 3));
        // The batch was taken apart, and whoever had left was not run again.
        Assert.DoesNotContain([1, 1, 1, 1], harness.Engine.Read);
    }

    [Fact]
    public async Task Dispose_ARequestHasLeftItsRun_WaitsForTheRun()
    {
        await using var harness = new LateHarness();
        using var leaving = LateHarness.Request(1, Short);
        using var other = LateHarness.Request(2, Short);
        await LeaveAsync(harness, null, await harness.ShareAsync((leaving, default), (other, default)));

        var disposal = harness.Sut.DisposeAsync().AsTask();
        var isEarly = disposal.IsCompleted;
        harness.Engine.Gate.SetResult();
        await disposal.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);

        Assert.False(isEarly);
    }

    private static async Task LeaveAsync(LateHarness harness, CancellationTokenSource? gone, params Task<InferenceResponse>[] leaving)
    {
        if (gone is not null)
        {
            await gone.CancelAsync();
        }
        else
        {
            harness.Time.Advance(Short);
        }

        foreach (var answer in leaving)
        {
            if (gone is not null)
            {
                await Assert.ThrowsAnyAsync<OperationCanceledException>(() => LateHarness.Soon(answer));
            }
            else
            {
                Assert.Equal(InferenceErrorCode.DeadlineExceeded, (await LateHarness.Soon(answer)).Error?.Code);
            }
        }
    }
}
