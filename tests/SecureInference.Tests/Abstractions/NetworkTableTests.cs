using System.Net;

namespace SecureInference.Tests.Abstractions;

public sealed class NetworkTableTests
{
    private const int Networks = 50_000;

    [Fact]
    public void Find_StrangersFromEverywhere_SpreadOverATableOfFixedSize()
    {
        var table = new NetworkTable();
        for (var index = 0; index < Networks; index++)
        {
            table.Find(Network(index))++;
        }

        var used = 0;
        var most = 0L;
        var total = 0L;
        for (var index = 0; index < Networks; index++)
        {
            ref var word = ref table.Find(Network(index));
            used += word == 0 ? 0 : 1;
            most = Math.Max(most, word);
            total += word;
            word = 0;
        }

        Assert.Equal(Networks, total);
        Assert.InRange(used, 3_500, 4_096);
        Assert.InRange(most, Networks / 4_096, 100);
    }

    [Fact]
    public void Find_SameNetwork_IsTheSameWord()
    {
        var table = new NetworkTable();
        table.Find(Network(7)) = 42;

        Assert.Equal(42, table.Find(Network(7)));
    }

    [Fact]
    public void Find_Loopback_SharesWithNobody()
    {
        var table = new NetworkTable();

        table.Find(ClientNetwork.Of(address: null)) = 1;

        Assert.Equal(1, table.Find(ClientNetwork.Of(IPAddress.IPv6Loopback)));
        Assert.DoesNotContain(Enumerable.Range(0, Networks), index => table.Find(Network(index)) != 0);
    }

    [Fact]
    public void Find_TwoProcesses_DoNotShareTheirCollisions()
    {
        var first = new NetworkTable();
        var second = new NetworkTable();

        Assert.NotEqual(CollisionsWith(first), CollisionsWith(second));
    }

    private static IEnumerable<int> CollisionsWith(NetworkTable table)
    {
        table.Find(Network(0)) = 1;
        return [.. Enumerable.Range(1, Networks).Where(index => table.Find(Network(index)) == 1)];
    }

    private static ClientNetwork Network(int index) => new((ulong)(index / 2), IsIPv6: index % 2 == 0, IsLoopback: false);
}
