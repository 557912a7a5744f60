using System.Net;
using SecureInference.IntegrationTests.Load;
using SecureInference.IntegrationTests.Samples;
using SecureInference.TestSupport;

namespace SecureInference.IntegrationTests.Auditing;

/// <summary>A server that is killed under load, again and again: its log verifies each time, and goes on.</summary>
public sealed class KilledServerTests
{
    private const int Connections = 4;
    private const int LeastAnswers = 40;

    private static readonly int Kills = Environment.GetEnvironmentVariable("SECUREINFERENCE_SOAK") == "1" ? 50 : 5;

    [Theory]
    [InlineData("PerRequest")]
    [InlineData("Batched")]
    public async Task Kill_UnderLoad_LogVerifiesAndHoldsWhatTheModeSays(string durability)
    {
        await using var sample = new DigitsSample();
        sample.Settings["Audit:Durability"] = durability;
        var answered = 0;
        for (var kill = 0; kill < Kills; kill++)
        {
            var signed = kill == 0 ? 0 : SignedSize(sample);
            await sample.InitializeAsync();
            Assert.InRange(AuditFiles.ReadAll(sample.AuditFolder).Count, signed, int.MaxValue);
            var load = new SteadyLoad(sample, new LoadRows(seed: kill), Connections);
            await Eventually.IsTrueAsync(() => load.Count(HttpStatusCode.OK) >= LeastAnswers, "the load is under way");

            await sample.Process.SignalAsync("KILL");
            await sample.Process.WaitForExitAsync();
            await load.Completion;

            answered += load.Count(HttpStatusCode.OK);
            Assert.Null(AuditFiles.Verify(sample.AuditFolder));
            if (durability == "PerRequest")
            {
                Assert.InRange(Answered(sample), answered, int.MaxValue);
            }
        }

        await sample.InitializeAsync();
        await sample.Process.SignalAsync("TERM");
        Assert.Equal(0, await sample.Process.WaitForExitAsync());
        var records = sample.Audit.Records;
        Assert.Equal(Kills, records.Count(static record => record.GetProperty("kind").ValueEquals("recovery")));
        Assert.Equal(Kills + 1, records.Count(static record => record.GetProperty("kind").ValueEquals("start")));
        Assert.Equal(records.Count, records.Select(static record => record.GetProperty("sequence").GetInt64()).Distinct().Count());
    }

    private static int Answered(DigitsSample sample) => AuditFiles.Read(sample.AuditFolder).Count(static record =>
        record.GetProperty("kind").ValueEquals("outcome") && record.GetProperty("operation").ValueEquals("infer") && record.GetProperty("status").GetInt32() == 200);

    /// <summary>The size that the newest checkpoint signs: none of these records may be missing later.</summary>
    private static int SignedSize(DigitsSample sample)
    {
        var file = Path.Combine(sample.AuditFolder, "checkpoint");
        return File.Exists(file) ? int.Parse(File.ReadLines(file).ElementAt(1), System.Globalization.CultureInfo.InvariantCulture) : 0;
    }
}
