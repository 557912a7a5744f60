using SecureInference.Pipeline.RateLimiting;

namespace SecureInference.Tests.Pipeline.RateLimiting;

public sealed class NetworkBucketsTests
{
    private const int Networks = 50_000;

    [Fact]
    public void Find_StrangersFromEverywhere_SpreadOverATableOfFixedSize()
    {
        var buckets = new NetworkBuckets();
        for (var index = 0; index < Networks; index++)
        {
            buckets.Find(Network(index))++;
        }

        var used = 0;
        var most = 0L;
        var total = 0L;
        for (var index = 0; index < Networks; index++)
        {
            ref var bucket = ref buckets.Find(Network(index));
            used += bucket == 0 ? 0 : 1;
            most = Math.Max(most, bucket);
            total += bucket;
            bucket = 0;
        }

        Assert.Equal(Networks, total);
        Assert.InRange(used, 3_500, 4_096);
        Assert.InRange(most, Networks / 4_096, 100);
    }

    [Fact]
    public void Find_SameNetwork_IsTheSameBucket()
    {
        var buckets = new NetworkBuckets();
        buckets.Find(Network(7)) = 42;

        Assert.Equal(42, buckets.Find(Network(7)));
    }

    [Fact]
    public void Find_TwoProcesses_DoNotShareTheirCollisions()
    {
        var first = new NetworkBuckets();
        var second = new NetworkBuckets();

        Assert.NotEqual(CollisionsWith(first), CollisionsWith(second));
    }

    private static IEnumerable<int> CollisionsWith(NetworkBuckets buckets)
    {
        buckets.Find(Network(0)) = 1;
        return [.. Enumerable.Range(1, Networks).Where(index => buckets.Find(Network(index)) == 1)];
    }

    private static ClientNetwork Network(int index) => new((ulong)(index / 2), IsIPv6: index % 2 == 0, IsLoopback: false);
}
