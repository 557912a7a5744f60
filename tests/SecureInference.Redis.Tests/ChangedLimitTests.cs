namespace SecureInference.Redis.Tests;

/// <summary>A bucket whose limit has changed since it was taken from.</summary>
public sealed class ChangedLimitTests
{
    private const string Missing = "redis-server is not installed.";

    public static bool IsMissing => RedisServer.IsMissing;

    [Fact(Skip = Missing, SkipWhen = nameof(IsMissing))]
    public async Task Take_LimitWasLoweredBelowWhatIsMissing_TellsTheWholeWait()
    {
        await using var server = await RedisServer.StartAsync();
        await using var node = await Node.StartAsync(server.Address);
        Assert.Equal(SharedOutcome.Taken, await node.TakeAsync("alice", Some.Filling(1000, 1, TimeSpan.FromSeconds(1), 1000)));

        var look = Some.Filling(10, 1, TimeSpan.FromSeconds(1), 0);
        var ask = Some.Filling(10, 1, TimeSpan.FromSeconds(1));

        Assert.Equal(SharedOutcome.Taken, await node.TakeAsync("alice", look));
        Assert.Equal(SharedOutcome.Short, await node.TakeAsync("alice", ask));
        Assert.Equal(0, ask.Left);
        Assert.InRange(ask.Wait, TimeSpan.FromSeconds(900), TimeSpan.FromSeconds(991));
        Assert.Equal(ask.Wait, ask.UntilNext);
    }
}
