using System.Collections.Concurrent;
using System.Globalization;

namespace SecureInference.Redis.Tests;

public sealed class UnavailabilityTests
{
    private const string Missing = "redis-server is not installed.";
    private const int Lost = 3002;
    private const int Shared = 3001;

    /// <summary>What a request may wait for beside the timeout: threads of a machine that is busy with other tests.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan CallTimeout = TimeSpan.FromMilliseconds(200);

    private static readonly TimeSpan Recovery = TimeSpan.FromSeconds(2);

    public static bool IsMissing => RedisServer.IsMissing;

    [Theory(Skip = Missing, SkipWhen = nameof(IsMissing))]
    [InlineData(WhenUnavailable.Local, nameof(SharedOutcome.Local))]
    [InlineData(WhenUnavailable.FailClosed, nameof(SharedOutcome.FailClosed))]
    [InlineData(WhenUnavailable.FailOpen, nameof(SharedOutcome.FailOpen))]
    public async Task Take_RedisKilledUnderLoad_AnswersByTheModeAndSharesAgain(WhenUnavailable mode, string outcome)
    {
        await using var server = await RedisServer.StartAsync();

        await LoseAsync(server, mode, server.Kill, Soak.For(1, 5), server.RestartAsync, Enum.Parse<SharedOutcome>(outcome));
    }

    [Theory(Skip = Missing, SkipWhen = nameof(IsMissing))]
    [InlineData(WhenUnavailable.Local, nameof(SharedOutcome.Local))]
    [InlineData(WhenUnavailable.FailClosed, nameof(SharedOutcome.FailClosed))]
    [InlineData(WhenUnavailable.FailOpen, nameof(SharedOutcome.FailOpen))]
    public async Task Take_RedisPausedUnderLoad_AnswersByTheModeAndSharesAgain(WhenUnavailable mode, string outcome)
    {
        await using var server = await RedisServer.StartAsync();

        await LoseAsync(server, mode, server.Pause, Soak.For(1, 15), ResumeAsync, Enum.Parse<SharedOutcome>(outcome));

        Task ResumeAsync()
        {
            server.Resume();
            return Task.CompletedTask;
        }
    }

    [Fact(Skip = Missing, SkipWhen = nameof(IsMissing))]
    public async Task Start_WithoutRedis_AnswersByTheModeUntilItIsThere()
    {
        await using var server = await RedisServer.StartAsync();
        server.Kill();
        await using var node = await Node.StartAsync(server.Address, mustConnect: false);

        Assert.Equal(SharedOutcome.Local, await node.TakeAsync("alice", Some.Bucket(10)));
        await Eventually.IsTrueAsync(() => node.Log.Entries.Any(static entry => entry.EventId == Lost), "it is said");
        Assert.NotNull(node.Readiness.FindDegradation());
        Assert.Null(node.Readiness.Find());

        await server.RestartAsync();
        await Eventually.IsTrueAsync(async () => await node.TakeAsync("alice", Some.Bucket(10)) == SharedOutcome.Taken, "limits are shared");
        Assert.Null(node.Readiness.FindDegradation());
    }

    [Fact(Skip = Missing, SkipWhen = nameof(IsMissing))]
    public async Task Readiness_FailClosedWithoutRedis_IsNotReady()
    {
        await using var server = await RedisServer.StartAsync();
        await using var node = await Node.StartAsync(server.Address, static options => options.WhenUnavailable = WhenUnavailable.FailClosed);
        Assert.Null(node.Readiness.Find());
        server.Kill();

        await Eventually.IsTrueAsync(async () => await node.TakeAsync("alice", Some.Bucket(10)) == SharedOutcome.FailClosed, "Redis is missed");

        Assert.Equal(503, node.Readiness.Find()?.Status);
    }

    [Fact(Skip = Missing, SkipWhen = nameof(IsMissing))]
    public async Task Take_AnotherProgramsKey_IsAnsweredByTheModeForThatCallerAlone()
    {
        await using var server = await RedisServer.StartAsync();
        await using var node = await Node.StartAsync(server.Address);
        await (await server.AdminAsync()).StringSetAsync(Ask.KeyOf("alice"), "something else");

        var alice = await node.TakeAsync("alice", Some.Bucket(10));
        var again = await node.TakeAsync("alice", Some.Bucket(10));
        var bob = await node.TakeAsync("bob", Some.Bucket(10));

        Assert.Equal((SharedOutcome.Local, SharedOutcome.Local, SharedOutcome.Taken), (alice, again, bob));
        Assert.Contains("wrong_type", Assert.Single(node.Log.Entries, static entry => entry.EventId == 3003).Message, StringComparison.Ordinal);
    }

    private static Task<Node> StartAsync(RedisServer server, WhenUnavailable mode) => Node.StartAsync(server.Address, options =>
    {
        options.WhenUnavailable = mode;
        options.Timeout = CallTimeout;
    });

    private static async Task LoseAsync(
        RedisServer server, WhenUnavailable mode, Action lose, TimeSpan outage, Func<Task> bringBack, SharedOutcome outcome)
    {
        await using var node = await StartAsync(server, mode);
        await using var load = new Load(node);
        await Eventually.IsTrueAsync(() => load.Count(SharedOutcome.Taken) > 100, "requests pass");

        lose();
        await Task.Delay(outage, TimeProvider.System, TestContext.Current.CancellationToken);
        await bringBack();
        await AssertSharesAgainAsync(node, load);

        AssertFollowed(load, node, outcome);
    }

    private static async Task AssertSharesAgainAsync(Node node, Load load)
    {
        var back = TimeProvider.System.GetTimestamp();
        var before = load.Count(SharedOutcome.Taken);
        await Eventually.IsTrueAsync(() => load.Count(SharedOutcome.Taken) > before, "limits are shared again");
        var elapsed = TimeProvider.System.GetElapsedTime(back);
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"shared again after {elapsed.TotalMilliseconds:F0} ms"));
        Assert.True(elapsed < Recovery, $"shared again after {elapsed}");
        Assert.True(node.Link.IsAvailable);
    }

    private static void AssertFollowed(Load load, Node node, SharedOutcome outcome)
    {
        Assert.Equal([SharedOutcome.Taken, outcome], load.Outcomes.Order());
        Assert.True(load.Count(outcome) > 100, "While Redis is away, requests do not wait.");
        Assert.True(load.Longest < CallTimeout + Slack, $"A request waited {load.Longest}.");

        // Lines for changes, not for requests.
        Assert.InRange(node.Log.Entries.Count(static entry => entry.EventId is Lost or Shared), 3, 12);
    }

    /// <summary>Takes again and again, in turns with others.</summary>
    private sealed class Load : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly ConcurrentDictionary<SharedOutcome, int> _outcomes = new();
        private readonly Task[] _workers;
        private long _longest;

        public Load(Node node) => _workers = [.. Enumerable.Range(0, 4).Select(worker => Task.Run(() => WorkAsync(node, $"caller-{worker}")))];

        public IEnumerable<SharedOutcome> Outcomes => _outcomes.Keys;

        public TimeSpan Longest => new(Volatile.Read(ref _longest));

        public int Count(SharedOutcome outcome) => _outcomes.GetValueOrDefault(outcome);

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await Task.WhenAll(_workers);
            _stop.Dispose();
        }

        private async Task WorkAsync(Node node, string owner)
        {
            while (!_stop.IsCancellationRequested)
            {
                var start = TimeProvider.System.GetTimestamp();
                var outcome = await node.TakeAsync(owner, Some.Bucket(1_000_000_000));
                var elapsed = TimeProvider.System.GetElapsedTime(start).Ticks;
                _outcomes.AddOrUpdate(outcome, 1, static (_, count) => count + 1);
                Volatile.Write(ref _longest, Math.Max(elapsed, Volatile.Read(ref _longest)));
                await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System);
            }
        }
    }
}
