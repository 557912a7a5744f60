namespace SecureInference.Tests.Runtime.Batching;

/// <summary>What a polite caller waits beside one who sends ten times as much, in time that is made up.</summary>
public sealed class FairnessTests
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(10);

    // What runs of a net of 25 million weights take on two processors: 32 rows are enough, and 16 while several callers ask.
    private static TimeSpan RunOf(int rows) => TimeSpan.FromMilliseconds(5 + (0.6 * rows));

    // Twice from 8 requests at a time on. Fewer find an idle lane when they are alone, and beside others runs that have begun.
    [Theory]
    [InlineData(1, 2.5)]
    [InlineData(4, 2.5)]
    [InlineData(8, 2)]
    [InlineData(16, 2)]
    [InlineData(32, 2)]
    public void Percentile99_BesideACallerWithTenTimesAsMuch_IsBounded(int connections, double most)
    {
        var alone = CreateSut().With("polite", connections).Run(Long);

        var beside = CreateSut().With("polite", connections).With("greedy", connections * 10).Run(Long);

        var times = beside.Percentile("polite", 0.99) / alone.Percentile("polite", 0.99);
        TestContext.Current.TestOutputHelper?.WriteLine($"{connections} connections: {alone.Percentile("polite", 0.99).TotalMilliseconds:0.0} ms alone, {times:0.00} times beside; {beside.Answers["greedy"].Count} answers of the greedy, {beside.Answers["polite"].Count} of the polite, {alone.Answers["polite"].Count} alone");
        Assert.InRange(times, 0, most);
        // And the greedy one is not starved: it has more than the polite one, who does not ask for more.
        Assert.True(beside.Answers["greedy"].Count >= beside.Answers["polite"].Count * 0.9);
    }

    [Fact]
    public void Answers_ManyCallersWithOneRequestEach_ShareRunsAndNobodyIsPassedOver()
    {
        var callers = Enumerable.Range(0, 64).Select(static caller => $"caller {caller}").ToArray();

        var sut = callers.Aggregate(CreateSut(), static (sut, caller) => sut.With(caller, 1)).Run(Long);

        var counts = callers.Select(caller => sut.Answers[caller].Count).ToArray();
        Assert.True(counts.Min() >= counts.Max() * 0.8);
        // Runs of 16 rows in two lanes make 2,190 rows a second; of one row, 360.
        Assert.True(counts.Sum() > 1_800 * Long.TotalSeconds);
    }

    private static FairSimulation CreateSut() => new(maxRows: 64, enough: 32, shared: 16, RunOf);
}
