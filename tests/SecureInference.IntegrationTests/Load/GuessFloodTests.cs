using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using SecureInference.IntegrationTests.Attacks;
using SecureInference.IntegrationTests.Samples;
using SecureInference.Pipeline.Authentication.ApiKeys;

namespace SecureInference.IntegrationTests.Load;

/// <summary>Guesses from many addresses, told by a listed proxy: they cost no memory that stays, and every caller with a good key is served. How long that takes is reported, not asserted: the guessers share the processors.</summary>
[Collection(AloneCollection.Name)]
public sealed class GuessFloodTests(ITestOutputHelper output)
{
    private const int Senders = 4;
    private const int AtOnce = 10;
    private const long MostGrowth = 48L << 20;

    /// <summary>Guesses a second: what leaves two processors time for the callers, as a flood that fills them says nothing of the guards.</summary>
    private const int Pace = 8000;

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
        await FloodAsync(sample, Guesses / 20);
        await AskAsync(sample, until: Task.Delay(TimeSpan.FromSeconds(1), Cancelled));
        var before = sample.Process.ResidentBytes;

        // Quiet and flood take turns, so that what else this machine does strikes both.
        var quiet = new List<double>();
        var flooded = new List<double>();
        var statuses = new ConcurrentDictionary<int, int>();
        for (var round = 0; round < 10; round++)
        {
            var pause = TimeSpan.FromSeconds(Math.Min(Guesses / 10.0 / Pace, 3));
            quiet.AddRange(await AskAsync(sample, until: Task.Delay(pause, Cancelled)));
            flooded.AddRange(await AskAsync(sample, until: FloodAsync(sample, Guesses / 10, statuses)));
        }

        var growth = sample.Process.ResidentBytes - before;
        var ratio = Percentile99(flooded) / Percentile99(quiet);
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{statuses.Values.Sum()} guesses; memory grew by {growth >> 20} MiB; p99 {Percentile99(quiet):0.00} ms undisturbed, {Percentile99(flooded):0.00} ms in the flood ({ratio:0.00} times)."));
        Assert.Equal(Guesses, statuses.Values.Sum());
        Assert.Equal([403, 429], statuses.Keys.Order());
        Assert.InRange(growth, long.MinValue, MostGrowth);
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

    private static Task FloodAsync(DigitsSample sample, int guesses, ConcurrentDictionary<int, int>? statuses = null) =>
        Task.WhenAll(Enumerable.Range(0, Senders).Select(sender => Task.Run(() => GuessAsync(sample, sender, guesses / Senders, statuses))));

    private static async Task GuessAsync(DigitsSample sample, int sender, int guesses, ConcurrentDictionary<int, int>? statuses)
    {
        using var client = await RawClient.ConnectAsync(sample.Process.Address, Cancelled);
        var random = new Random(sender);
        var start = Stopwatch.GetTimestamp();
        for (var sent = 0; sent < guesses; sent += AtOnce)
        {
            var text = new StringBuilder();
            for (var index = 0; index < AtOnce; index++)
            {
                var address = random.Next(Addresses);
                text.Append("GET /v2 HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-Proto: https\r\nX-Forwarded-For: ")
                    .Append(CultureInfo.InvariantCulture, $"{20 + (address >> 16)}.{(address >> 8) & 255}.{address & 255}.1")
                    .Append("\r\nx-api-key: ").Append(ApiKey.Create(ApiKey.Live, ApiKey.CreateId())).Append("\r\n\r\n");
            }

            await client.SendAsync(text.ToString(), Cancelled);
            foreach (var status in RawClient.Statuses(await client.ReadAnswersAsync(AtOnce, Cancelled)))
            {
                statuses?.AddOrUpdate(status, 1, static (_, count) => count + 1);
            }

            var early = TimeSpan.FromSeconds(sent * (double)Senders / Pace) - Stopwatch.GetElapsedTime(start);
            if (early > TimeSpan.Zero)
            {
                await Task.Delay(early, Cancelled);
            }
        }
    }

    private static double Percentile99(List<double> times) => times.Order().ElementAt(times.Count * 99 / 100);
}
