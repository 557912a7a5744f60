using SecureInference.IntegrationTests.Samples;

namespace SecureInference.IntegrationTests.Load;

public sealed class MixedLoadTests
{
    private const int Connections = 64;

    private static TimeSpan Duration { get; } =
        TimeSpan.FromSeconds(Environment.GetEnvironmentVariable("SECUREINFERENCE_SOAK") == "1" ? 10 : 3);

    [Fact]
    public async Task Load_GoodAndBadRequestsTogether_EachGetsItsOwnAnswerAndItsRecords()
    {
        await using var sample = new DigitsSample();
        await sample.InitializeAsync();
        using var load = new MixedLoad(sample, new LoadRows(seed: 4));

        await load.RunAsync(Connections, Duration);

        await sample.Process.SignalAsync("TERM");
        Assert.Equal(0, await sample.Process.WaitForExitAsync());
        var audit = sample.Audit;
        audit.AssertEveryDecisionHasItsOutcome();
        Assert.Equal(load.Answered[LoadKind.WrongKey], audit.Refusals("key_unknown"));
        Assert.Equal(load.Answered[LoadKind.NoKey], audit.Refusals("credential_missing"));
        Assert.Equal(Count(load, LoadKind.Json, LoadKind.Binary, LoadKind.Compressed), CountStatus(audit, 200));
        Assert.Equal(Count(load, LoadKind.BadShape, LoadKind.BadJson), CountStatus(audit, 400));
        Assert.Equal(Count(load, LoadKind.UnknownModel), CountStatus(audit, 404));
        Assert.Equal(load.Total - Count(load, LoadKind.WrongKey, LoadKind.NoKey), audit.Outcomes.Count());
        Assert.Equal(Enumerable.Range(0, audit.Records.Count), audit.Records.Select(static record => record.GetProperty("sequence").GetInt32()));
        Assert.DoesNotContain("fail:", sample.Process.Output, StringComparison.Ordinal);
    }

    private static int Count(MixedLoad load, params LoadKind[] kinds) => kinds.Sum(kind => load.Answered[kind]);

    private static int CountStatus(AuditTrail audit, int status) =>
        audit.Outcomes.Count(record => record.GetProperty("status").GetInt32() == status);
}
