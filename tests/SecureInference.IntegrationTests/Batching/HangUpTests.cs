using Microsoft.Extensions.Logging;
using SecureInference.IntegrationTests.Attacks;
using SecureInference.IntegrationTests.Load;
using SecureInference.IntegrationTests.Samples;

namespace SecureInference.IntegrationTests.Batching;

/// <summary>Clients that go at any moment, time that runs out and runs that throw cost nobody else anything, and leave nothing behind.</summary>
[Collection(AloneCollection.Name)]
public sealed class HangUpTests(ITestOutputHelper output)
{
    private const int Clients = 32;
    private const int Seed = 20_260;

    /// <summary>More than two quiet moments of one process differ by, and far less than what a few requests in a thousand would leave behind in a minute.</summary>
    private const long ManagedTolerance = 2L << 20;

    private const long ResidentTolerance = 32L << 20;

    /// <summary>What the runs that throw have the app say.</summary>
    private static readonly int[] ExpectedErrors = [1310, 1314];

    [Fact]
    public async Task Load_ClientsGoAtAnyMoment_NothingIsLostAndMemoryComesBack()
    {
        output.WriteLine($"Seed {Seed}.");
        using var arrays = new PooledArrays();
        using var blocks = new PooledBlocks();
        await using var sut = new HangUpApp();
        await sut.StartAsync();
        var clients = new HangUps(sut.App.Address, sut.Keys, Seed);
        sut.Loader.IsFailing = true;
        await clients.RunAsync(Clients, TimeSpan.FromSeconds(Soak.Times(1, 10)));
        var before = await RestAsync(sut, arrays, blocks);

        await clients.RunAsync(Clients, TimeSpan.FromSeconds(Soak.Times(3, 60)));

        var after = await RestAsync(sut, arrays, blocks);
        output.WriteLine($"{clients}. {sut.Loader.Runs} runs, {sut.Loader.Failed} threw, {sut.Loader.Terminated} ended early. Before: {before}. After: {after}.");
        AssertEverythingHappened(sut, clients);
        Assert.Equal(0, arrays.ReturnedTwice);
        Assert.InRange(after.Managed - before.Managed, long.MinValue, ManagedTolerance);
        Assert.InRange(after.Resident - before.Resident, long.MinValue, ResidentTolerance);
        await AssertEveryLaneServesAsync(sut, clients);
        await sut.ReplaceModelsAsync();
    }

    // What the pool keeps for the next requests is no loss; what is out of it, is counted.
    private static async Task<MemoryMark> RestAsync(HangUpApp sut, PooledArrays arrays, PooledBlocks blocks)
    {
        await sut.UntilQuietAsync();
        await Eventually.IsTrueAsync(() => Task.FromResult(arrays.Out.Count == 0), () => $"every array is given back; {arrays} are not");
        Assert.All(
            sut.App.Log.Entries.Where(static entry => entry.Level >= LogLevel.Error),
            static entry => Assert.True(ExpectedErrors.Contains(entry.EventId), entry.Message));
        sut.App.Log.Clear();
        return MemoryMark.Take(blocks.Bytes, arrays.KeptBytes);
    }

    private static void AssertEverythingHappened(HangUpApp sut, HangUps clients)
    {
        Assert.Empty(Enum.GetValues<HangUpKind>().Except(clients.Counts.Keys.Select(static count => count.Kind)));
        Assert.All((int[])[200, 400, 503, 504], status => Assert.NotEqual(0, clients.Count(status)));
        Assert.NotEqual(0, sut.Loader.Terminated);
        Assert.NotEqual(0, sut.Loader.Failed);

        // Whoever shares a run that throws is told so, and nobody else.
        Assert.InRange(clients.Count(500), 0, sut.Loader.Failed * HangUps.MaxRows);
    }

    private static async Task AssertEveryLaneServesAsync(HangUpApp sut, HangUps clients)
    {
        sut.Loader.IsFailing = false;
        var (refused, failed) = (clients.Count(503), clients.Count(500));

        // As many as the lanes take and the queue holds, time and again: none may be refused.
        for (var round = 0; round < 10; round++)
        {
            await Task.WhenAll(Enumerable.Range(0, HangUpApp.Lanes + HangUpApp.MaxQueueLength).Select(clients.AskAsync));
        }

        await sut.UntilQuietAsync();
        Assert.Equal((refused, failed), (clients.Count(503), clients.Count(500)));
    }
}
