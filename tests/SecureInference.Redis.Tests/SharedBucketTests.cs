using Microsoft.Extensions.Time.Testing;

namespace SecureInference.Redis.Tests;

public sealed class SharedBucketTests
{
    private const string Missing = "redis-server is not installed.";

    public static bool IsMissing => RedisServer.IsMissing;

    [Fact(Skip = Missing, SkipWhen = nameof(IsMissing))]
    public async Task Take_FromTwoNodesAtOnce_GrantsTheLimitToTheToken()
    {
        await using var server = await RedisServer.StartAsync();
        await using var one = await Node.StartAsync(server.Address);
        await using var two = await Node.StartAsync(server.Address);

        var taken = await Task.WhenAll(Enumerable.Range(0, 8).Select(worker => CountAsync(worker % 2 == 0 ? one : two, 50)));

        Assert.Equal(100, taken.Sum());

        static Task<int> CountAsync(Node node, int tries) => Task.Run(async () =>
        {
            var taken = 0;
            for (var index = 0; index < tries; index++)
            {
                taken += await node.TakeAsync("alice", Some.Bucket(100)) == SharedOutcome.Taken ? 1 : 0;
            }

            return taken;
        });
    }

    [Fact(Skip = Missing, SkipWhen = nameof(IsMissing))]
    public async Task Take_RandomTraffic_NeverGrantsMoreNorRefusesWhatIsThere()
    {
        await using var server = await RedisServer.StartAsync();
        await using var node = await Node.StartAsync(server.Address);
        var numbers = new Numbers(4711);
        const double Rate = 2e-3;
        const int Limit = 50;
        double missing = 0;
        long last = 0;
        var refused = 0;
        for (var index = 0; index < 2000; index++)
        {
            var demand = Some.Filling(Limit, 2, TimeSpan.FromMilliseconds(1), numbers.Next(1, 20));

            var outcome = await node.TakeAsync("alice", demand);

            // The model goes by the time that Redis has read.
            var available = Limit - Math.Max(0, missing - ((demand.Receipt.Time - last) * Rate));
            Assert.Equal(available + 1e-6 >= demand.Tokens, outcome == SharedOutcome.Taken);
            missing = Limit - available + (outcome == SharedOutcome.Taken ? demand.Tokens : 0);
            last = demand.Receipt.Time;
            Assert.Equal(missing, demand.Receipt.Missing, 5);
            Assert.Equal((long)Math.Floor(Limit - missing + 1e-6), demand.Left);
            if (outcome == SharedOutcome.Short)
            {
                // Never too short, and no more than the microsecond it is rounded up to.
                refused++;
                var needed = (demand.Tokens - available) / Rate;
                Assert.InRange(demand.Wait.TotalMicroseconds, needed - 0.01, needed + 1.01);
            }

            var next = missing < 1e-6 ? 0 : (demand.Left + 1 - (Limit - missing)) / Rate;
            Assert.InRange(demand.UntilNext.TotalMicroseconds, next - 0.01, next + 1.01);
        }

        Assert.InRange(refused, 100, 1900);
    }

    [Fact(Skip = Missing, SkipWhen = nameof(IsMissing))]
    public async Task Take_AfterTheToldWait_Passes()
    {
        await using var server = await RedisServer.StartAsync();
        await using var node = await Node.StartAsync(server.Address);
        for (var index = 0; index < 10; index++)
        {
            var demand = Some.Filling(3, 1, TimeSpan.FromMilliseconds(7), tokens: 3);
            while (await node.TakeAsync("alice", demand) == SharedOutcome.Taken)
            {
            }

            Assert.True(demand.IsShort);
            Assert.InRange(demand.Wait, TimeSpan.FromTicks(1), TimeSpan.FromMilliseconds(21));
            Assert.InRange(demand.UntilNext, TimeSpan.FromTicks(1), TimeSpan.FromMilliseconds(7));
            await Ask.WaitByRedisAsync(server, demand.Receipt.Time + (long)demand.Wait.TotalMicroseconds);

            Assert.Equal(SharedOutcome.Taken, await node.TakeAsync("alice", demand));
            Assert.Equal(TimeSpan.Zero, demand.Wait);
        }
    }

    [Fact(Skip = Missing, SkipWhen = nameof(IsMissing))]
    public async Task Take_OneOfSeveralBucketsIsShort_TakesFromNone()
    {
        await using var server = await RedisServer.StartAsync();
        await using var node = await Node.StartAsync(server.Address);
        await Ask.KeepAwayFromMidnightAsync(server);

        Assert.Equal(SharedOutcome.Taken, await node.TakeAsync("alice", Some.Bucket(10), Some.Bucket(1000, 900, "bytes"), Some.Day(5)));
        var (tokens, bytes, day) = (Some.Bucket(10), Some.Bucket(1000, 900, "bytes"), Some.Day(5));
        var outcome = await node.TakeAsync("alice", tokens, bytes, day);

        Assert.Equal(SharedOutcome.Short, outcome);
        Assert.Equal((false, true, false), (tokens.IsShort, bytes.IsShort, day.IsShort));
        Assert.Equal((9, 100, 4), (tokens.Left, bytes.Left, day.Left));
        Assert.Equal(TimeSpan.Zero, tokens.Wait);
        Assert.InRange(bytes.Wait, TimeSpan.FromDays(799.9), TimeSpan.FromDays(800));
        Assert.Equal(9, await Ask.LeftAsync(node, Some.Bucket(10, 0)));
    }

    [Fact(Skip = Missing, SkipWhen = nameof(IsMissing))]
    public async Task Take_NothingAskedFor_SaysWhereTheBucketStandsAndWritesNothing()
    {
        await using var server = await RedisServer.StartAsync();
        await using var node = await Node.StartAsync(server.Address);
        var demand = Some.Bucket(10, 0);

        Assert.Equal(SharedOutcome.Taken, await node.TakeAsync("alice", demand));

        Assert.Equal((10, TimeSpan.Zero, TimeSpan.Zero), (demand.Left, demand.UntilNext, demand.Wait));
        Assert.False(await (await server.AdminAsync()).KeyExistsAsync(Ask.KeyOf("alice")));
    }

    [Fact(Skip = Missing, SkipWhen = nameof(IsMissing))]
    public async Task Take_NodesWithClocksAnHourApart_MintsNothing()
    {
        await using var server = await RedisServer.StartAsync();
        await using var ahead = await Node.StartAsync(server.Address, time: new FakeTimeProvider(TimeProvider.System.GetUtcNow().AddHours(1)));
        await using var behind = await Node.StartAsync(server.Address, time: new FakeTimeProvider(TimeProvider.System.GetUtcNow().AddHours(-1)));
        var taken = 0;
        for (var index = 0; index < 20; index++)
        {
            taken += await (index % 2 == 0 ? ahead : behind).TakeAsync("alice", Some.Filling(10, 1, TimeSpan.FromMinutes(30))) == SharedOutcome.Taken ? 1 : 0;
        }

        Assert.Equal(10, taken);
    }

    [Fact(Skip = Missing, SkipWhen = nameof(IsMissing))]
    public async Task Take_RedisClockWentBack_NeitherMintsNorBlocks()
    {
        await using var server = await RedisServer.StartAsync();
        await using var node = await Node.StartAsync(server.Address);
        var redis = await server.AdminAsync();
        var demand = Some.Filling(10, 10, TimeSpan.FromMilliseconds(200), tokens: 10);
        await node.TakeAsync("alice", demand);

        // As if it had been an hour later then.
        await redis.HashSetAsync(Ask.KeyOf("alice"), [new("tokens:time", demand.Receipt.Time + 3_600_000_000), new("tokens:missing", 10)]);
        await redis.KeyExpireAsync(Ask.KeyOf("alice"), TimeSpan.FromHours(2));
        var back = Some.Filling(10, 10, TimeSpan.FromMilliseconds(200), tokens: 10);
        Assert.Equal(SharedOutcome.Short, await node.TakeAsync("alice", back));

        Assert.Equal(0, back.Left);
        Assert.InRange(back.Wait, TimeSpan.FromMilliseconds(199), TimeSpan.FromMilliseconds(200));
        await Ask.WaitByRedisAsync(server, back.Receipt.Time + (long)back.Wait.TotalMicroseconds);
        Assert.Equal(SharedOutcome.Taken, await node.TakeAsync("alice", back));
    }

    [Fact(Skip = Missing, SkipWhen = nameof(IsMissing))]
    public async Task Day_UsedUp_ComesBackTheNextDayOnly()
    {
        await using var server = await RedisServer.StartAsync();
        await using var node = await Node.StartAsync(server.Address);
        var redis = await server.AdminAsync();
        await Ask.KeepAwayFromMidnightAsync(server);
        var demand = Some.Day(3, 3);
        Assert.Equal(SharedOutcome.Taken, await node.TakeAsync("alice", demand));
        Assert.Equal(SharedOutcome.Short, await node.TakeAsync("alice", demand));
        var midnight = TimeSpan.FromDays(1) - (await Ask.ServerTimeAsync(server)).TimeOfDay;
        Assert.InRange(demand.Wait, midnight, midnight + TimeSpan.FromSeconds(30));
        Assert.Equal(demand.Wait, demand.UntilNext);

        // As if it had been the last moment of yesterday.
        var day = TimeSpan.FromDays(1).Ticks / TimeSpan.TicksPerMicrosecond;
        await redis.HashSetAsync(Ask.KeyOf("alice"), "daily:time", (demand.Receipt.Time / day * day) - 1);

        Assert.Equal(SharedOutcome.Taken, await node.TakeAsync("alice", demand));
        Assert.Equal(SharedOutcome.Short, await node.TakeAsync("alice", demand));
    }

    [Fact(Skip = Missing, SkipWhen = nameof(IsMissing))]
    public async Task Take_RedisLostEverything_GrantsOneBurstMore()
    {
        await using var server = await RedisServer.StartAsync();
        await using var node = await Node.StartAsync(server.Address);
        var before = await CountAsync(node, 20);
        await (await server.AdminAsync()).ExecuteAsync("FLUSHALL");

        var after = await CountAsync(node, 20);

        Assert.Equal((10, 10), (before, after));
    }

    [Fact(Skip = Missing, SkipWhen = nameof(IsMissing))]
    public async Task Take_FromACluster_Works()
    {
        await using var server = await RedisServer.StartAsync("--cluster-enabled", "yes");
        var redis = await server.AdminAsync();
        await redis.ExecuteAsync("CLUSTER", "ADDSLOTSRANGE", "0", "16383");
        await Eventually.IsTrueAsync(
            async () => ((string?)await redis.ExecuteAsync("CLUSTER", "INFO"))?.Contains("cluster_state:ok", StringComparison.Ordinal) == true, "the cluster has all slots");
        await using var node = await Node.StartAsync(server.Address);

        for (var index = 0; index < 20; index++)
        {
            Assert.Equal(SharedOutcome.Taken, await node.TakeAsync($"caller-{index}", Some.Bucket(10), Some.Bucket(100, 5, "bytes"), Some.Day(5)));
        }
    }

    [Fact(Skip = Missing, SkipWhen = nameof(IsMissing))]
    public async Task Take_RedisForgotTheScript_SendsItAgain()
    {
        await using var server = await RedisServer.StartAsync();
        await using var node = await Node.StartAsync(server.Address);
        await node.TakeAsync("alice", Some.Bucket(10));
        await (await server.AdminAsync()).ExecuteAsync("SCRIPT", "FLUSH");

        Assert.Equal(SharedOutcome.Taken, await node.TakeAsync("alice", Some.Bucket(10)));

        Assert.Equal(8, await Ask.LeftAsync(node, Some.Bucket(10, 0)));
    }

    private static async Task<int> CountAsync(Node node, int tries)
    {
        var taken = 0;
        for (var index = 0; index < tries; index++)
        {
            taken += await node.TakeAsync("alice", Some.Bucket(10)) == SharedOutcome.Taken ? 1 : 0;
        }

        return taken;
    }
}
