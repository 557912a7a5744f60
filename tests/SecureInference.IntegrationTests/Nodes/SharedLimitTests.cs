using System.Diagnostics;
using System.Globalization;
using SecureInference.IntegrationTests.Attacks;
using SecureInference.IntegrationTests.Load;
using SecureInference.TestSupport;

namespace SecureInference.IntegrationTests.Nodes;

/// <summary>Real processes, a real Redis: together they grant one limit.</summary>
[Collection(AloneCollection.Name)]
public sealed class SharedLimitTests(ITestOutputHelper output)
{
    private const string Missing = "redis-server is not installed.";
    private const int Overload = 10;
    private const double Tolerance = 0.01;
    private static readonly TimeSpan Span = TimeSpan.FromSeconds(Soak.Times(5, 10));

    public static bool IsMissing => RedisProcess.IsMissing;

    [Theory(Skip = Missing, SkipWhen = nameof(IsMissing))]
    [InlineData(2, 0)]
    [InlineData(4, 0)]
    [InlineData(2, 10)]
    [InlineData(4, 10)]
    public async Task Send_TenTimesTheLimitToSeveralNodes_TheyGrantItOnceTogether(int nodes, int leaseTokens)
    {
        // Not about a slow machine: what takes longer than the timeout would be granted by each node's own part.
        using var group = await NodeGroup.StartAsync(nodes, ("Redis:Timeout", "00:00:10"), ("Redis:LeaseTokens", $"{leaseTokens}"));
        var load = new NodeLoad(group);
        using var end = new CancellationTokenSource(Span, TimeProvider.System);

        await load.RunAsync(NodeGroup.TokensPerSecond * Overload, end.Token);

        var answers = load.Answers;
        var granted = answers.Count(static answer => answer.Status == 200);
        Assert.All(answers, static answer => Assert.True(answer.Status is 200 or 429, $"{answer.Status}"));

        // Granted between the first request and the last answer at most; between the first answer and the last request at least.
        var most = Allowed(answers.Min(static answer => answer.Sent), answers.Max(static answer => answer.Came));
        var least = Allowed(answers.Min(static answer => answer.Came), answers.Max(static answer => answer.Sent));
        var parked = Math.Min(leaseTokens, NodeGroup.TokenLimit / (4 * nodes)) * nodes;
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{nodes} nodes, leases of {leaseTokens}: {answers.Count} requests in {Span.TotalSeconds} s, {granted} granted; {least:0} to {most:0} by the limit, {parked} by leases."));
        Assert.InRange(granted, (least * (1 - Tolerance)) - parked, (most * (1 + Tolerance)) + parked);
        Assert.True(answers.Count > most * 2, "The load was too small to say anything.");
    }

    private static double Allowed(long from, long to) => NodeGroup.TokenLimit + (Stopwatch.GetElapsedTime(from, to).TotalSeconds * NodeGroup.TokensPerSecond);
}
