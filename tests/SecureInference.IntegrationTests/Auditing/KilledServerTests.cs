using System.Globalization;
using System.Net;
using SecureInference.IntegrationTests.Load;
using SecureInference.IntegrationTests.Samples;
using SecureInference.TestSupport;

namespace SecureInference.IntegrationTests.Auditing;

/// <summary>A server that is killed under load, again and again: its log verifies each time, goes on, and lacks no more than the mode says.</summary>
public sealed class KilledServerTests(ITestOutputHelper output)
{
    private const int Connections = 4;
    private const int LeastAnswers = 20;
    private const int QueueCapacity = 64;

    private static readonly int Kills = Soak.Times(5, 50);

    [Theory]
    [InlineData("PerRequest", 0)]
    [InlineData("Batched", QueueCapacity)]
    public async Task Kill_UnderLoad_LogVerifiesAndLacksNoMoreThanTheModeSays(string durability, int mostRecordsLost)
    {
        await using var sample = CreateSample(durability);
        var checkpoints = new List<byte[]>();
        for (var kill = 0; kill < Kills; kill++)
        {
            await sample.InitializeAsync();
            Assert.Null(AuditFiles.Verify(sample.AuditFolder, checkpoints));
            var load = new SteadyLoad(sample, new LoadRows(seed: kill), Connections);
            await Eventually.IsTrueAsync(() => load.Answers.Count >= LeastAnswers + (37 * kill % 100), "the load is under way");
            var kept = ReadCheckpoint(sample);
            await sample.Process.SignalAsync("KILL");
            await sample.Process.WaitForExitAsync();
            var killedAt = TimeProvider.System.GetTimestamp();
            await load.Completion;

            checkpoints.AddRange(kept is null ? [] : [kept]);
            checkpoints.AddRange(ReadCheckpoint(sample) is { } last ? [last] : []);
            Assert.Null(AuditFiles.Verify(sample.AuditFolder, checkpoints));
            AssertLossIsBounded(new AnsweredRecords(sample.AuditFolder), load, mostRecordsLost, killedAt);
        }

        await AssertGoesOnAsync(sample, checkpoints);
    }

    private static DigitsSample CreateSample(string durability)
    {
        var sample = new DigitsSample();
        sample.Settings["Audit:Durability"] = durability;
        sample.Settings["Audit:QueueCapacity"] = QueueCapacity.ToString(CultureInfo.InvariantCulture);
        sample.Settings["Audit:CheckpointInterval"] = "00:00:00.100";
        sample.Settings["Arrival:KnownProxies:0"] = "127.0.0.1";
        return sample;
    }

    /// <summary>The newest checkpoint, as somebody elsewhere would keep it.</summary>
    private static byte[]? ReadCheckpoint(DigitsSample sample)
    {
        var file = Path.Combine(sample.AuditFolder, "checkpoint");
        return File.Exists(file) ? File.ReadAllBytes(file) : null;
    }

    private static async Task AssertGoesOnAsync(DigitsSample sample, List<byte[]> checkpoints)
    {
        await sample.InitializeAsync();
        await sample.Process.SignalAsync("TERM");
        Assert.Equal(0, await sample.Process.WaitForExitAsync());
        var records = sample.Audit.Records;
        Assert.NotEmpty(checkpoints);
        Assert.Null(AuditFiles.Verify(sample.AuditFolder, checkpoints));
        Assert.Equal(Kills, records.Count(static record => record.GetProperty("kind").ValueEquals("recovery")));
        Assert.Equal(Kills + 1, records.Count(static record => record.GetProperty("kind").ValueEquals("start")));
        Assert.Equal(Enumerable.Range(0, records.Count), records.Select(static record => record.GetProperty("sequence").GetInt32()));
    }

    private void AssertLossIsBounded(AnsweredRecords records, SteadyLoad load, int mostRecordsLost, long killedAt)
    {
        var lost = load.Answers.Where(answer => records.LostOf(answer) > 0).ToArray();
        var recordsLost = lost.Sum(records.LostOf);
        var oldest = lost.Length == 0 ? TimeSpan.Zero : TimeProvider.System.GetElapsedTime(lost.Min(static answer => answer.At), killedAt);
        output.WriteLine($"{load.Count(HttpStatusCode.OK)} answered; {recordsLost} records of {lost.Length} answers lost, the oldest answered {oldest.TotalMilliseconds:F1} ms before the end.");
        Assert.InRange(recordsLost, 0, mostRecordsLost);

        // The log is written in order: what is missing is the end of each connection's requests, and nothing before.
        foreach (var answers in load.Answers.GroupBy(static answer => answer.Connection))
        {
            Assert.All(answers.SkipWhile(answer => records.LostOf(answer) == 0), answer => Assert.NotEqual(0, records.LostOf(answer)));
        }
    }
}
