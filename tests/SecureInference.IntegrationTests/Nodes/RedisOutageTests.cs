using System.Diagnostics;
using System.Globalization;
using SecureInference.IntegrationTests.Attacks;
using SecureInference.IntegrationTests.Load;
using SecureInference.IntegrationTests.Samples;
using SecureInference.TestSupport;

namespace SecureInference.IntegrationTests.Nodes;

/// <summary>Redis is killed under load, and comes back.</summary>
[Collection(AloneCollection.Name)]
public sealed class RedisOutageTests(ITestOutputHelper output)
{
    private const string Missing = "redis-server is not installed.";
    private const string Shared = "[3001]";
    private const int PerSecond = 500;

    /// <summary>Far above what Redis takes here, so that a busy machine alone opens no circuit.</summary>
    private const double Timeout = 1;

    /// <summary>What a busy machine may add to a request.</summary>
    private const double Slack = 1;

    private static readonly TimeSpan Outage = TimeSpan.FromSeconds(Soak.Times(2, 5));
    private static readonly TimeSpan Before = TimeSpan.FromSeconds(2);

    public static bool IsMissing => RedisProcess.IsMissing;

    [Theory(Skip = Missing, SkipWhen = nameof(IsMissing))]
    [InlineData("Local")]
    [InlineData("FailOpen")]
    [InlineData("FailClosed")]
    public async Task Kill_UnderLoad_IsAnsweredAsTheModeSaysAndLimitsAreSharedAgain(string mode)
    {
        using var group = await NodeGroup.StartAsync(2, ("Redis:WhenUnavailable", mode), ("Redis:Timeout", "00:00:01"));
        var load = new NodeLoad(group);
        using var end = new CancellationTokenSource();
        var running = load.RunAsync(PerSecond, end.Token);
        await Task.Delay(Before, TimeProvider.System, TestContext.Current.CancellationToken);

        group.Redis.Kill();
        var killed = Stopwatch.GetTimestamp();
        await Task.Delay(Outage, TimeProvider.System, TestContext.Current.CancellationToken);
        var known = group.Nodes.Select(static node => Count(node)).ToArray();
        var restarting = Stopwatch.GetTimestamp();
        await group.Redis.RestartAsync();
        var back = Stopwatch.GetTimestamp();
        await Eventually.IsTrueAsync(() => group.Nodes.Zip(known).All(static node => Count(node.First) > node.Second), "limits are shared again");
        var shared = NodeLoad.SecondsSince(back);
        await Task.Delay(Before, TimeProvider.System, TestContext.Current.CancellationToken);
        await end.CancelAsync();
        await running;

        var answers = load.Answers;

        // Requests that were under way at the kill may have been answered before it.
        var during = answers.Where(answer => answer.Sent > killed && answer.Came < restarting).Select(static answer => answer.Status).ToArray();
        var slowest = answers.Max(static answer => answer.Seconds);
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{mode}: {answers.Count} answers, {during.Length} of them in the outage of {Outage.TotalSeconds} s: {Describe(during)}; before and after: "
            + $"{Describe([.. answers.Where(answer => answer.Came < killed || answer.Sent > back + (long)(Stopwatch.Frequency * shared)).Select(static answer => answer.Status)])}; "
            + $"shared again after {shared:0.00} s; slowest {slowest:0.00} s."));
        Assert.True(during.Length > PerSecond / 4, "The load was too small to say anything.");
        Assert.All(during, status => Assert.Contains(status, mode switch
        {
            "Local" => [200, 429],
            "FailOpen" => [200],
            _ => new[] { 503 },
        }));
        Assert.DoesNotContain(answers, answer => answer.Status >= 500 && !(mode == "FailClosed" && answer.Status == 503));
        Assert.Contains(answers, static answer => answer.Status == 429);
        Assert.InRange(slowest, 0, Timeout + Slack);
        Assert.InRange(shared, 0, 2);
    }

    private static int Count(SampleProcess node) => node.Output.Split(Shared).Length;

    private static string Describe(IReadOnlyCollection<int> statuses) =>
        string.Join(", ", statuses.CountBy(static status => status).OrderBy(static count => count.Key).Select(static count => $"{count.Value} x {count.Key}"));
}
