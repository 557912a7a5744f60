using System.Diagnostics.Metrics;
using SecureInference.Runtime.Batching;

namespace SecureInference.Tests.Runtime.Batching;

/// <summary>Lanes whose threads die, of what is no failure of the engine.</summary>
public sealed class LaneDeathTests
{
    private const int Died = 1316;

    [Fact]
    public async Task Thread_DiesWhileItSleeps_IsReplacedAndCounted()
    {
        await using var harness = new LateHarness();
        var replaced = 0;
        using var listener = Listen(harness, "secure_inference.runtime.lanes_replaced", () => Interlocked.Increment(ref replaced));
        using var first = LateHarness.Request(1);
        using var answered = await LateHarness.Soon(harness.RunAsync(first));
        var thread = harness.Engine.Thread!;
        await LateHarness.UntilAsync(() => harness.Sut.IsIdle);

        thread.Interrupt();
        await LateHarness.UntilAsync(() => harness.Log.Entries.Any(static entry => entry.EventId == Died));
        using var second = LateHarness.Request(2);
        using var answer = await LateHarness.Soon(harness.RunAsync(second));

        Assert.True(LateHarness.IsAnswerTo(answer, 2));
        Assert.NotSame(thread, harness.Engine.Thread);
        Assert.True(Volatile.Read(ref replaced) >= 1);
    }

    // Its run goes on without it: what that reads stays as it is, and the lane serves others meanwhile.
    [Fact]
    public async Task Thread_DiesInARun_ItsCallersAreToldAndTheLaneGoesOn()
    {
        await using var harness = new LateHarness();
        var requests = new[] { LateHarness.Request(1), LateHarness.Request(2) };
        var answers = await harness.ShareAsync((requests[0], default), (requests[1], default));
        await LateHarness.UntilAsync(() => harness.Engine.Thread!.ThreadState.HasFlag(ThreadState.WaitSleepJoin));

        harness.Engine.Thread!.Interrupt();
        var failed = new[] { await LateHarness.Soon(answers[0]), await LateHarness.Soon(answers[1]) };
        Array.ForEach(requests, static request => request.Dispose());
        LateHarness.PoisonPool();
        using var next = LateHarness.Request(3);
        using var answer = await LateHarness.Soon(harness.RunAsync(next));
        harness.Engine.Gate.SetResult();

        Assert.All(failed, static response => Assert.Equal(InferenceErrorCode.ModelFailed, response.Error?.Code));
        Assert.True(LateHarness.IsAnswerTo(answer, 3));
        await LateHarness.UntilAsync(() => harness.Engine.Read.Count == 3 + 1);
        Assert.Contains([1, 1, 1, 1], harness.Engine.Read);
        Assert.Contains([2, 2, 2, 2], harness.Engine.Read);
        await LateHarness.UntilAsync(() => harness.Sut.IsIdle);
    }

    [Fact]
    public async Task Thread_DiesOfWhatListensToARun_EachOfManyIsToldAndTheLanesGoOn()
    {
        await using var harness = new LateHarness(lanes: 2);
        harness.Engine.Gate.SetResult();
        using (Listen(harness, "secure_inference.runtime.batch_rows", () => throw new InvalidOperationException("a listener's bug")))
        {
            for (var round = 0; round < FailureStreak.Most; round++)
            {
                using var request = LateHarness.Request(round);
                using var failed = await LateHarness.Soon(harness.RunAsync(request));
                Assert.Equal(InferenceErrorCode.ModelFailed, failed.Error?.Code);
            }
        }

        using var next = LateHarness.Request(9);
        using var answer = await LateHarness.Soon(harness.RunAsync(next));

        Assert.True(LateHarness.IsAnswerTo(answer, 9));
        Assert.Equal(FailureStreak.Most, harness.Log.Entries.Count(static entry => entry.EventId == Died));
        await LateHarness.UntilAsync(() => harness.Sut.IsIdle);
        Assert.Equal((2, 0), (harness.Sut.Line.Lanes.Free, harness.Sut.Line.Requests.Rented));
    }

    // Instruments are shared with what runs beside: a lane's thread carries its model's name.
    private static MeterListener Listen(LateHarness harness, string instrument, Action heard)
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (published, self) =>
            {
                if (published.Name == instrument)
                {
                    self.EnableMeasurementEvents(published);
                }
            },
        };
        listener.SetMeasurementEventCallback<int>((_, _, _, _) => Heard());
        listener.SetMeasurementEventCallback<long>((_, _, _, _) => Heard());
        listener.Start();
        return listener;

        void Heard()
        {
            if (Thread.CurrentThread.Name?.Contains(harness.Engine.Metadata.Name, StringComparison.Ordinal) == true)
            {
                heard();
            }
        }
    }
}
