using System.Diagnostics;
using System.Globalization;
using System.Net;
using SecureInference.IntegrationTests.Attacks;
using SecureInference.IntegrationTests.Samples;

namespace SecureInference.IntegrationTests.Load;

/// <summary>Guesses from many addresses, told by a listed proxy: they cost no memory that stays, and callers with good keys do not notice.</summary>
[Collection(AloneCollection.Name)]
public sealed class GuessFloodTests(ITestOutputHelper output)
{
    private const int Rounds = 20;
    private const long MostGrowth = 48L << 20;

    private static readonly int Guesses = Soak.Times(20_000, 1_000_000);
    private static readonly int Addresses = Soak.Times(2_000, 100_000);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Guesses_FromManyAddresses_LeaveMemoryFlatAndCallersAlone()
    {
        await using var sample = new DigitsSample();
        sample.Settings["Arrival:KnownProxies:0"] = "127.0.0.1";
        sample.Settings["RateLimits:FailedAuthentication:TokenLimit"] = "5";
        sample.Settings["RateLimits:FailedAuthentication:TokensPerPeriod"] = "1";
        await sample.InitializeAsync();
        var flood = new GuessFlood(sample.Process.Address, Addresses);
        await flood.RunAsync(Guesses / Rounds);
        await AskAsync(sample, until: Task.Delay(TimeSpan.FromSeconds(1), Cancelled));
        flood.Reset();
        var before = sample.Process.ResidentBytes;

        // Quiet and flood take turns, so that what else this machine does strikes both.
        var quiet = new double[Rounds];
        var flooded = new double[Rounds];
        for (var round = 0; round < Rounds; round++)
        {
            var pause = TimeSpan.FromSeconds(Math.Min(Guesses / (double)Rounds / GuessFlood.Pace, 4));
            quiet[round] = Percentile99(await AskAsync(sample, until: Task.Delay(pause, Cancelled)));
            flooded[round] = Percentile99(await AskAsync(sample, until: flood.RunAsync(Guesses / Rounds)));
        }

        var growth = sample.Process.ResidentBytes - before;
        var ratios = flooded.Zip(quiet, (with, without) => with / without).Order().ToArray();
        var ratio = ratios[Rounds / 2];
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{flood.Rejected} guesses rejected, {flood.Limited} limited; memory grew by {growth >> 20} MiB; p99 {quiet.Order().ElementAt(Rounds / 2):0.00} ms undisturbed, {flooded.Order().ElementAt(Rounds / 2):0.00} ms in the flood, medians of {Rounds} rounds; in pairs {ratio:0.00} times ({ratios[0]:0.00} to {ratios[^1]:0.00})."));
        Assert.Equal(Guesses, flood.Rejected + flood.Limited);
        Assert.True(flood.Rejected > 0 && flood.Limited > 0);
        Assert.InRange(growth, long.MinValue, MostGrowth);

        // In full only: a hundredth of a short run is a handful of requests.
        if (Soak.IsAsked)
        {
            Assert.InRange(ratio, 0, 2);
        }
    }

    // Asks one after the other, and says how many milliseconds each answer took; every one must be good.
    private static async Task<List<double>> AskAsync(DigitsSample sample, Task until)
    {
        var times = new List<double>();
        do
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/v2/models/digits");
            request.Headers.Add("X-Forwarded-For", "192.0.2.7");
            request.Headers.Add("X-Forwarded-Proto", "https");
            var start = Stopwatch.GetTimestamp();
            using var answer = await sample.Client.SendAsync(request, Cancelled);
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
        while (!until.IsCompleted);

        await until;
        return times;
    }

    private static double Percentile99(List<double> times) => times.Order().ElementAt(times.Count * 99 / 100);
}
