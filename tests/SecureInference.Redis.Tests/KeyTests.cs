namespace SecureInference.Redis.Tests;

public sealed class KeyTests
{
    private const string Missing = "redis-server is not installed.";

    public static bool IsMissing => RedisServer.IsMissing;

    [Fact(Skip = Missing, SkipWhen = nameof(IsMissing))]
    public async Task Keys_BucketsAreFullAgain_Disappear()
    {
        await using var server = await RedisServer.StartAsync();
        await using var node = await Node.StartAsync(server.Address);
        var redis = await server.AdminAsync();

        await Ask.KeepAwayFromMidnightAsync(server);
        await node.TakeAsync("alice", Some.Filling(10, 10, TimeSpan.FromSeconds(1), tokens: 5));
        var quick = await redis.KeyTimeToLiveAsync(Ask.KeyOf("alice"));
        await node.TakeAsync("bob", Some.Day(10));
        await node.TakeAsync("bob", Some.Filling(10, 10, TimeSpan.FromSeconds(1)));
        var day = await redis.KeyTimeToLiveAsync(Ask.KeyOf("bob"));

        Assert.InRange(quick ?? default, TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(1.6));
        var midnight = TimeSpan.FromDays(1) - (await Ask.ServerTimeAsync(server)).TimeOfDay;
        Assert.InRange(day ?? default, midnight - TimeSpan.FromSeconds(30), midnight + TimeSpan.FromSeconds(2));
        await Eventually.IsTrueAsync(async () => !await redis.KeyExistsAsync(Ask.KeyOf("alice")), "the key of a full bucket is gone");
    }

    [Fact(Skip = Missing, SkipWhen = nameof(IsMissing))]
    public async Task Keys_OddAndLongOwners_AreAllOfOneShape()
    {
        await using var server = await RedisServer.StartAsync();
        await using var node = await Node.StartAsync(server.Address);
        string[] owners = ["", "a}b{c", "{x}", new string('x', 100_000), "https://issuer|al\0ice", "ü\ud800", "ü\ud801"];

        foreach (var owner in owners)
        {
            Assert.Equal(SharedOutcome.Taken, await node.TakeAsync(owner, Some.Bucket(1)));
            Assert.Equal(SharedOutcome.Short, await node.TakeAsync(owner, Some.Bucket(1)));
        }

        Assert.All(owners, static owner => Assert.Matches("^secureinference:\\{[0-9a-f]{64}\\}$", (string?)new OwnerKeys("secureinference").Of(owner)));
    }
}
