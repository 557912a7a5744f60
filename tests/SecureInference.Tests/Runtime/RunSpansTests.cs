using System.Diagnostics;
using SecureInference.Tests.Abstractions;
using SecureInference.Tests.Runtime.Batching;
using SecureInference.TestSupport;

namespace SecureInference.Tests.Runtime;

[Collection(TelemetryCollection.Name)]
public sealed class RunSpansTests
{
    [Fact]
    public async Task Batch_OfSeveralRequests_IsLinkedToEachAndEachToIt()
    {
        using var spans = new CollectedSpans();
        await using var sut = new BatchHarness();
        var occupier = await sut.OccupyAsync();

        var first = AskAsync(sut, 1);
        var second = AskAsync(sut, 2);
        sut.Time.Advance(TimeSpan.FromSeconds(1));
        sut.Gate.SetResult();
        var askers = await Task.WhenAll(first, second);
        await occupier;

        var batch = Assert.Single(spans.Of("batch"));
        Assert.Equal(("batch fake", default), (batch.DisplayName, batch.ParentSpanId));
        Assert.Equal((2, 2), (batch.GetTagItem("requests"), batch.GetTagItem("rows")));
        Assert.Equal(askers.Select(static asker => asker.SpanId.ToHexString()).Order(), batch.Links.Select(static link => link.Context.SpanId.ToHexString()).Order());
        foreach (var asker in askers)
        {
            var run = Assert.Single(spans.Of("run"), span => span.ParentSpanId == asker.SpanId);
            Assert.Equal(asker.TraceId, run.TraceId);
            Assert.Equal(batch.SpanId, Assert.Single(run.Links).Context.SpanId);
            Assert.Single(spans.Of("queue"), span => span.ParentSpanId == asker.SpanId);
        }
    }

    [Fact]
    public async Task Run_OfOneRequest_IsLinkedToNothing()
    {
        using var spans = new CollectedSpans();
        await using var sut = new BatchHarness();
        sut.Gate.SetResult();

        await AskAsync(sut, 1);

        Assert.Empty(Assert.Single(spans.Of("run")).Links);
        Assert.Empty(spans.Of("batch"));
    }

    [Fact]
    public async Task Run_WithoutASpanAroundIt_HasNone()
    {
        using var spans = new CollectedSpans();
        await using var sut = new BatchHarness();
        sut.Gate.SetResult();

        using var answer = await sut.RunAsync(BatchHarness.Request(1));

        Assert.Empty(spans.All);
    }

    [Fact]
    public async Task Wait_ThatEndsInVain_HasNoRun()
    {
        using var spans = new CollectedSpans();
        await using var sut = new BatchHarness();
        var occupier = await sut.OccupyAsync();
        using var gone = new CancellationTokenSource();

        using var asker = new Activity("asker").Start();
        var waiting = sut.RunAsync(BatchHarness.Request(1), gone.Token);
        sut.Time.Advance(TimeSpan.FromSeconds(1));
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);

        Assert.Equal(TimeSpan.FromSeconds(1), Assert.Single(spans.Of("queue")).Duration);
        Assert.Empty(spans.Of("run"));
        sut.Gate.SetResult();
        await occupier;
    }

    private static async Task<Activity> AskAsync(BatchHarness sut, float value)
    {
        // Each of them in a trace of its own.
        Activity.Current = null;
        using var asker = new Activity("asker").Start();
        asker.ActivityTraceFlags = ActivityTraceFlags.Recorded;
        using var answer = await sut.RunAsync(BatchHarness.Request(value));
        return asker;
    }
}
