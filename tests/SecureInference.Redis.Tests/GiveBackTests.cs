namespace SecureInference.Redis.Tests;

public sealed class GiveBackTests
{
    private const string Missing = "redis-server is not installed.";

    public static bool IsMissing => RedisServer.IsMissing;

    [Fact(Skip = Missing, SkipWhen = nameof(IsMissing))]
    public async Task GiveBack_RightAway_RestoresTheBucket()
    {
        await using var server = await RedisServer.StartAsync();
        await using var node = await Node.StartAsync(server.Address);
        await Ask.KeepAwayFromMidnightAsync(server);
        SharedDemand[] demands = [Some.Bucket(10, 7), Some.Bucket(100, 50, "bytes"), Some.Day(5, 4)];
        await node.TakeAsync("alice", demands);

        demands[1].Tokens = 20;
        node.Limits.GiveBack("alice", demands);

        await Eventually.IsTrueAsync(async () => await Ask.LeftAsync(node, Some.Bucket(10, 0)) == 10, "the tokens are back");
        Assert.Equal(70, await Ask.LeftAsync(node, Some.Bucket(100, 0, "bytes")));
        Assert.Equal(5, await Ask.LeftAsync(node, Some.Day(5, 0)));
    }

    [Fact(Skip = Missing, SkipWhen = nameof(IsMissing))]
    public async Task GiveBack_AfterTheBucketFilledAndOthersTook_MintsNothing()
    {
        await using var server = await RedisServer.StartAsync();
        await using var node = await Node.StartAsync(server.Address);
        var early = Filling(10);
        Assert.Equal(SharedOutcome.Taken, await node.TakeAsync("alice", early));
        await Ask.WaitByRedisAsync(server, early.Receipt.Time + 110_000);
        var late = Filling(10);
        Assert.Equal(SharedOutcome.Taken, await node.TakeAsync("alice", late));

        await GiveBackAsync(node, early);
        var look = Filling(0);
        await node.TakeAsync("alice", look);

        // What came back is what the time since the second take has brought.
        Assert.InRange(look.Receipt.Missing, 10 - ((look.Receipt.Time - late.Receipt.Time) * 1e-4) - 0.001, 10);
        Assert.Equal(0, look.Receipt.GivenBack);

        static SharedDemand Filling(long tokens) => Some.Filling(10, 10, TimeSpan.FromMilliseconds(100), tokens);
    }

    [Fact(Skip = Missing, SkipWhen = nameof(IsMissing))]
    public async Task GiveBack_TheSameTwice_GivesNoMoreThanWasMissing()
    {
        await using var server = await RedisServer.StartAsync();
        await using var node = await Node.StartAsync(server.Address);
        var first = Some.Bucket(10, 6);
        await node.TakeAsync("alice", first);
        await GiveBackAsync(node, first);
        await node.TakeAsync("alice", Some.Bucket(10, 8));

        await GiveBackAsync(node, first);

        Assert.Equal(2, await Ask.LeftAsync(node, Some.Bucket(10, 0)));
    }

    [Fact(Skip = Missing, SkipWhen = nameof(IsMissing))]
    public async Task GiveBack_AfterRedisLostTheBucket_GivesNothing()
    {
        await using var server = await RedisServer.StartAsync();
        await using var node = await Node.StartAsync(server.Address);
        var before = Some.Bucket(10, 2);
        await node.TakeAsync("alice", before);
        await GiveBackAsync(node, before);
        await node.TakeAsync("alice", before);
        await (await server.AdminAsync()).ExecuteAsync("FLUSHALL");
        await node.TakeAsync("alice", Some.Bucket(10, 10));

        await GiveBackAsync(node, before);

        Assert.Equal(0, await Ask.LeftAsync(node, Some.Bucket(10, 0)));
    }

    [Fact(Skip = Missing, SkipWhen = nameof(IsMissing))]
    public async Task GiveBack_OfYesterday_GivesNothingToday()
    {
        await using var server = await RedisServer.StartAsync();
        await using var node = await Node.StartAsync(server.Address);
        await Ask.KeepAwayFromMidnightAsync(server);
        var day = Some.Day(5, 4);
        await node.TakeAsync("alice", day);
        day.Receipt = day.Receipt with { Time = day.Receipt.Time - 86_400_000_000 };

        await GiveBackAsync(node, day);

        Assert.Equal(1, await Ask.LeftAsync(node, Some.Day(5, 0)));
    }

    [Fact(Skip = Missing, SkipWhen = nameof(IsMissing))]
    public async Task TakeAndGiveBack_RandomTraffic_NetNeverExceedsTheLimitAndWhatTimeBrought()
    {
        await using var server = await RedisServer.StartAsync();
        await using var node = await Node.StartAsync(server.Address);
        var numbers = new Numbers(815);
        var open = new List<SharedDemand>();
        long net = 0;
        long? begin = null;
        for (var index = 0; index < 2000; index++)
        {
            var demand = Some.Filling(50, 3, TimeSpan.FromMilliseconds(1), numbers.Next(1, 30));
            if (await node.TakeAsync("alice", demand) == SharedOutcome.Taken)
            {
                net += demand.Tokens;
                open.Add(demand);
            }

            begin ??= demand.Receipt.Time;
            Assert.True(net <= 50 + ((demand.Receipt.Time - begin) * 3e-3) + 0.01, $"{net} after {demand.Receipt.Time - begin} microseconds");
            if (numbers.Next(0, 3) == 0 && open.Count > 0)
            {
                // What is given back is not used: it counts for others again, at most once.
                var back = open[numbers.Next(0, open.Count)];
                open.Remove(back);
                await GiveBackAsync(node, back);
                net -= back.Tokens;
            }
        }
    }

    /// <summary>Gives back, and comes to its end: calls of one connection are done in their order.</summary>
    private static async Task GiveBackAsync(Node node, SharedDemand demand)
    {
        node.Limits.GiveBack("alice", new[] { demand });
        await node.TakeAsync("alice", Some.Bucket(10, 0, "other"));
    }
}
