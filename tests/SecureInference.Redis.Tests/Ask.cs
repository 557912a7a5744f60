using StackExchange.Redis;

namespace SecureInference.Redis.Tests;

/// <summary>What tests ask of Redis beside what is tested.</summary>
internal static class Ask
{
    public static RedisKey KeyOf(string owner) => new OwnerKeys("secureinference").Of(owner);

    public static async Task<long> LeftAsync(Node node, SharedDemand look)
    {
        Assert.Equal(SharedOutcome.Taken, await node.TakeAsync("alice", look));
        return look.Left;
    }

    public static async Task WaitByRedisAsync(RedisServer server, long microseconds)
    {
        while ((await ServerTimeAsync(server)).Ticks < DateTime.UnixEpoch.Ticks + (microseconds * TimeSpan.TicksPerMicrosecond))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Returns what is missing in a bucket that does not fill, by what stands in Redis.</summary>
    public static async Task<long> MissingAsync(RedisServer server, string bucket = "tokens") =>
        (long)Math.Ceiling((double)await (await server.AdminAsync()).HashGetAsync(KeyOf("alice"), bucket + ":missing") - 0.5);

    /// <summary>A day that ends in the middle of a test is another test.</summary>
    public static Task KeepAwayFromMidnightAsync(RedisServer server) => Eventually.IsTrueAsync(
        async () => (await ServerTimeAsync(server)).AddSeconds(30).Day == (await ServerTimeAsync(server)).Day, "midnight has passed");

    public static async Task<DateTime> ServerTimeAsync(RedisServer server)
    {
        var redis = await server.AdminAsync();
        return await redis.Multiplexer.GetServer(server.Address).TimeAsync();
    }
}
