namespace SecureInference.Tests.Pipeline.RateLimiting;

/// <summary>All the limits together, under random traffic: none grants too much, and who waits as told passes.</summary>
public sealed class LimiterPropertyTests
{
    private const int Steps = 8_000;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Traffic_OfAnyKind_NoLimitGrantsTooMuchInAnyWindowAndWhoWaitsPasses(int seed)
    {
        var traffic = new LimiterTraffic(seed);

        for (var step = 0; step < Steps; step++)
        {
            traffic.Step();
        }

        traffic.Ledger.AssertKept();
        Assert.InRange(traffic.Ledger.Count, Steps / 2, int.MaxValue);
        Assert.InRange(traffic.Refused, Steps / 20, Steps);
        Assert.InRange(traffic.Waited, 20, Steps);
        Assert.InRange(traffic.GivenBack, 50, Steps);
    }
}
