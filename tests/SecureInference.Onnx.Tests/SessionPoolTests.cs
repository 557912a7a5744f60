using Microsoft.Extensions.Time.Testing;
using Microsoft.ML.OnnxRuntime;
using SecureInference.Onnx.Devices;
using SecureInference.TestSupport.Onnx;

namespace SecureInference.Onnx.Tests;

public sealed class SessionPoolTests
{
    [Fact]
    public void TryRent_EveryLaneOut_SaysNoUntilOneIsBack()
    {
        var sut = CreateSut(lanes: 2);
        Assert.True(sut.TryRent(out var first));
        Assert.True(sut.TryRent(out var second));

        Assert.NotSame(first.Lane, second.Lane);
        Assert.False(sut.TryRent(out _));
        second.Dispose();
        Assert.True(sut.TryRent(out var third));
        Assert.Same(second.Lane, third.Lane);
    }

    [Fact]
    public async Task Rent_EveryLaneOut_WaitsForOne()
    {
        var sut = CreateSut(lanes: 1);
        Assert.True(sut.TryRent(out var lease));

        var waiting = sut.RentAsync(TestContext.Current.CancellationToken).AsTask();
        Assert.False(waiting.IsCompleted);
        lease.Dispose();

        Assert.Same(lease.Lane, (await waiting)?.Lane);
    }

    [Fact]
    public async Task Rent_CancelledWhileWaiting_ThrowsAndTakesNoLane()
    {
        var sut = CreateSut(lanes: 1);
        Assert.True(sut.TryRent(out var lease));
        using var cancellation = new CancellationTokenSource();
        var waiting = sut.RentAsync(cancellation.Token).AsTask();

        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        lease.Dispose();

        Assert.True(sut.TryRent(out _));
    }

    [Fact]
    public async Task Drain_LeaseOut_RefusesOthersAndWaitsForIt()
    {
        var sut = CreateSut(lanes: 2);
        Assert.True(sut.TryRent(out var lease));

        var drain = sut.DrainAsync();
        Assert.False(sut.TryRent(out _));
        Assert.Null(await sut.RentAsync(TestContext.Current.CancellationToken));
        Assert.False(drain.IsCompleted);
        lease.Dispose();

        Assert.True(await drain);
    }

    [Fact]
    public async Task Drain_OnlyLaneNeverComesBack_EndsAndLetsWaitersGo()
    {
        var time = new FakeTimeProvider();
        var sut = CreateSut(lanes: 1, time);
        Assert.True(sut.TryRent(out _));
        var waiting = sut.RentAsync(TestContext.Current.CancellationToken).AsTask();

        var drain = sut.DrainAsync();
        // Its second patience begins only when the first has ended, on another thread.
        for (var step = 0; step < 10_000 && !drain.IsCompleted; step++)
        {
            time.Advance(TimeSpan.FromSeconds(31));
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }

        Assert.True(drain.IsCompleted);
        Assert.False(await drain);
        Assert.Null(await waiting.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Drain_CallerWaitsForALane_IsLetGo()
    {
        var sut = CreateSut(lanes: 1);
        Assert.True(sut.TryRent(out var lease));
        var waiting = sut.RentAsync(TestContext.Current.CancellationToken).AsTask();

        var drain = sut.DrainAsync();
        lease.Dispose();

        Assert.Null(await waiting);
        Assert.True(await drain);
    }

    [Fact]
    public async Task Drain_LeaseNeverReturned_FreesNothing()
    {
        var time = new FakeTimeProvider();
        var sut = CreateSut(lanes: 2, time);
        Assert.True(sut.TryRent(out var lease));
        var drain = sut.DrainAsync();

        time.Advance(TimeSpan.FromSeconds(31));
        Assert.True(SpinWait.SpinUntil(() => sut.HasTerminatedRuns, TimeSpan.FromSeconds(10)));
        while (!drain.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(6));
            await Task.Yield();
        }

        Assert.False(await drain);
        // Still alive, and usable by the run that holds it.
        using var request = new InferenceRequest(Some.Floats("X", 1, 2));
        Assert.Throws<OnnxRuntimeException>(() => lease.Lane.Run(request, 0, CancellationToken.None));
        lease.Lane.Run(request, 0, CancellationToken.None).Dispose();
    }

    [Fact]
    public async Task Drain_Twice_DoesItOnce()
    {
        var sut = CreateSut(lanes: 1);

        var first = sut.DrainAsync();
        var second = sut.DrainAsync();

        Assert.Same(first, second);
        Assert.True(await second);
    }

    private static SessionPool CreateSut(int lanes, TimeProvider? time = null)
    {
        var session = new InferenceSession(OnnxModels.Identity(OnnxType.Float, "batch", 2));
        var metadata = SignatureReader.Read("test", new ModelOptions(), digest: "", fileBytes: 0, session);
        var plan = new RunPlan(() => { });
        var made = Enumerable.Range(0, lanes).Select(_ => new Lane(session, metadata, BoundLayout.TryCreate(metadata), plan, TimeProvider.System));
        return new SessionPool([new DeviceLanes(new OpenedSession(session, HostMemory.Ordinary, "cpu:0"), made)], time ?? TimeProvider.System);
    }
}
