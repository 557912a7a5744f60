namespace SecureInference.Tests.Abstractions;

public sealed class DrainStateTests
{
    [Fact]
    public void DrainAsync_NobodyInside_IsDoneAtOnce()
    {
        var drain = new DrainState();

        Assert.True(drain.DrainAsync().IsCompletedSuccessfully);
        Assert.False(drain.TryEnter());
        Assert.Equal(0, drain.InFlight);
    }

    [Fact]
    public async Task DrainAsync_SomebodyInside_WaitsForTheLast()
    {
        var drain = new DrainState();
        Assert.True(drain.TryEnter());
        Assert.True(drain.TryEnter());

        var idle = drain.DrainAsync();
        var isAdmitted = drain.TryEnter();
        drain.Leave();
        var isEarly = idle.IsCompleted;
        drain.Leave();

        await idle.WaitAsync(TestContext.Current.CancellationToken);
        Assert.False(isAdmitted);
        Assert.False(isEarly);
        Assert.True(drain.IsDraining);
    }

    [Fact]
    public async Task DrainAsync_Twice_BothComplete()
    {
        var drain = new DrainState();
        drain.TryEnter();
        var first = drain.DrainAsync();
        var second = drain.DrainAsync();

        drain.Leave();

        await Task.WhenAll(first, second).WaitAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task DrainAsync_ManyThreadsComeAndGo_NeverHangsAndLosesNobody()
    {
        const int Rounds = 300;
        const int Threads = 4;
        for (var round = 0; round < Rounds; round++)
        {
            var drain = new DrainState();
            var inside = 0;
            using var start = new Barrier(Threads + 1);
            var callers = Enumerable.Range(0, Threads).Select(_ => Task.Factory.StartNew(
                () =>
                {
                    start.SignalAndWait();
                    while (drain.TryEnter())
                    {
                        Interlocked.Increment(ref inside);
                        Interlocked.Decrement(ref inside);
                        drain.Leave();
                    }
                },
                TestContext.Current.CancellationToken,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default)).ToArray();
            start.SignalAndWait(TestContext.Current.CancellationToken);

            await drain.DrainAsync().WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);

            Assert.Equal(0, Volatile.Read(ref inside));
            await Task.WhenAll(callers);
            Assert.Equal(0, drain.InFlight);
        }
    }
}
