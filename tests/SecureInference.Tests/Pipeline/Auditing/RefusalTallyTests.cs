using System.Globalization;
using SecureInference.Pipeline.Auditing;
using SecureInference.Tests.Abstractions;

namespace SecureInference.Tests.Pipeline.Auditing;

public sealed class RefusalTallyTests
{
    [Fact]
    public void Add_MoreNetworksThanTheBound_KeepsReasonAndCountAndLosesTheNetwork()
    {
        const int Networks = 6_000;
        var tally = new RefusalTally();
        for (var index = 0; index < Networks; index++)
        {
            tally.Add(Network(index), "credential_missing");
        }

        var records = Drain(tally);

        Assert.InRange(records.Count, 2, 4_097);
        Assert.Equal(Networks, records.Sum(record => record.Count));
        Assert.Equal("credential_missing", Assert.Single(records, record => record.Network == "other").Rule);
    }

    [Fact]
    public void Add_KnownNetworkWhenFull_IsStillCountedAsItself()
    {
        var tally = new RefusalTally();
        for (var index = 0; index < 6_000; index++)
        {
            tally.Add(Network(index), "credential_missing");
        }

        tally.Add(Network(0), "credential_missing");

        Assert.Equal(2, Assert.Single(Drain(tally), record => record.Network == Network(0).ToString()).Count);
    }

    [Fact]
    public void Drain_Twice_CountsNothingTwice()
    {
        var tally = new RefusalTally();
        tally.Add(Network(1), "key_unknown");
        Drain(tally);

        Assert.Empty(Drain(tally));
    }

    [Fact]
    public async Task Add_ManyThreads_CountsEachOnce()
    {
        const int Each = 20_000;
        var tally = new RefusalTally();
        var drained = new List<AuditRecord>();

        var adders = Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (var index = 0; index < Each; index++)
            {
                tally.Add(Network(index % 7), "key_unknown");
            }
        })).ToArray();
        while (!Array.TrueForAll(adders, adder => adder.IsCompleted))
        {
            tally.Drain(drained, DateTimeOffset.UnixEpoch);
        }

        await Task.WhenAll(adders);
        tally.Drain(drained, DateTimeOffset.UnixEpoch);
        Assert.Equal(4 * Each, drained.Sum(record => record.Count));
    }

    private static List<AuditRecord> Drain(RefusalTally tally)
    {
        var records = new List<AuditRecord>();
        tally.Drain(records, DateTimeOffset.UnixEpoch);
        return records;
    }

    private static ClientNetwork Network(int index) => ClientNetwork.Of(
        Some.Request(string.Create(CultureInfo.InvariantCulture, $"10.{index / 256}.{index % 256}.1")));
}
