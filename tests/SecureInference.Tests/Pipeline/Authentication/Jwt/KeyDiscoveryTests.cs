using SecureInference.Pipeline.Authentication.Jwt;
using SecureInference.TestSupport;

namespace SecureInference.Tests.Pipeline.Authentication.Jwt;

public sealed class KeyDiscoveryTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task Start_IssuersAreUp_EachIsAskedOnce()
    {
        await using var harness = await TokenHarness.StartAsync();

        Assert.Equal(1, harness.Issuer.Fetches);
        Assert.Equal(1, harness.Other.Fetches);
        Assert.Null(harness.Issuers.Find());
        Assert.Null(harness.Issuers.FindDegradation());
        Assert.Equal(2, harness.Log.Entries.Count(static entry => entry.EventId == 1220));
    }

    [Fact]
    public async Task Start_IssuerIsDown_StartsAndWarnsAndAnswers503UntilItIsUp()
    {
        await using var harness = await TokenHarness.StartAsync(arrange: static issuer => issuer.IsDown = true);

        Assert.Equal("credentials_unavailable", await harness.ReasonAsync(harness.Issuer.Token()));
        Assert.Null(await harness.ReasonAsync(harness.Other.Token(("aud", "partners"))));
        Assert.Single(harness.Log.Entries, static entry => entry.EventId == 1221);
        Assert.NotNull(harness.Issuers.FindDegradation());
        Assert.Null(harness.Issuers.Find());

        harness.Issuer.IsDown = false;
        await UntilAsync(harness, () => harness.Issuers.FindDegradation() is null && harness.Log.Entries.Any(static entry => entry.EventId == 1222));

        Assert.Null(await harness.ReasonAsync(harness.Issuer.Token()));
    }

    [Fact]
    public async Task Start_EveryIssuerIsDown_IsNotReady()
    {
        await using var harness = await TokenHarness.StartAsync(
            static options => options.Issuers.RemoveAt(1), static issuer => issuer.IsDown = true);

        Assert.Equal("credentials_unavailable", harness.Issuers.Find()?.Rule);
    }

    [Fact]
    public async Task Start_IssuerIsSlow_StartsAfterAWhileAndWarns()
    {
        var gate = new TaskCompletionSource();
        await using var harness = new TokenHarness(arrange: issuer => issuer.Gate = gate.Task);

        var start = harness.CheckAsync();
        harness.Time.Advance(TimeSpan.FromSeconds(5));
        await start;

        Assert.Contains(harness.Log.Entries, static entry => entry.EventId == 1223 && entry.Message.Contains("https://issuer.test", StringComparison.Ordinal));
        var waiting = harness.ReasonAsync(harness.Issuer.Token());
        Assert.False(waiting.IsCompleted);
        gate.SetResult();
        Assert.Null(await waiting);
    }

    [Fact]
    public async Task Read_KeysAreSlow_Is503AfterAWhile()
    {
        await using var harness = new TokenHarness(arrange: static issuer => issuer.Gate = new TaskCompletionSource().Task);

        var waiting = harness.ReasonAsync(harness.Issuer.Token());
        harness.Time.Advance(TimeSpan.FromSeconds(4.9));
        Assert.False(waiting.IsCompleted);
        harness.Time.Advance(TimeSpan.FromSeconds(0.1));

        Assert.Equal("credentials_unavailable", await waiting);
    }

    [Fact]
    public async Task Read_IssuerGoesDown_KnownKeysGoOn()
    {
        await using var harness = await TokenHarness.StartAsync();
        harness.Issuer.IsDown = true;

        await UntilAsync(harness, () => harness.Issuers.FindDegradation() is not null, TimeSpan.FromMinutes(1));
        harness.Time.Advance(TimeSpan.FromHours(23));

        Assert.Null(await harness.ReasonAsync(harness.Issuer.Token()));
        Assert.Null(harness.Issuers.Find());

        // A key that is not known may be one that could not be fetched.
        harness.Issuer.Key = SigningKey.OfRsa("second");
        Assert.Equal("credentials_unavailable", await harness.ReasonAsync(harness.Issuer.Token()));
    }

    [Fact]
    public async Task Read_IssuerIsDownForTooLong_Is503UntilItIsUp()
    {
        await using var harness = await TokenHarness.StartAsync();
        var known = harness.Issuer.Token(("exp", harness.Issuer.Now.ToUnixTimeSeconds() + 1_000_000));
        Assert.Null(await harness.ReasonAsync(known));
        harness.Issuer.IsDown = true;
        harness.Other.IsDown = true;
        await UntilAsync(harness, () => harness.Issuers.FindDegradation() is not null, TimeSpan.FromMinutes(1));

        harness.Time.Advance(TimeSpan.FromDays(1));

        Assert.Equal("credentials_unavailable", await harness.ReasonAsync(known));
        Assert.Equal("credentials_unavailable", await harness.ReasonAsync(harness.Issuer.Token()));
        Assert.NotNull(harness.Issuers.Find());
        harness.Issuer.IsDown = false;
        await UntilAsync(harness, () => harness.Issuers.Find() is null, TimeSpan.FromSeconds(1));
        Assert.Null(await harness.ReasonAsync(known));
    }

    [Fact]
    public async Task Read_NewKey_IsFetchedForTheFirstTokenThatNamesIt()
    {
        await using var harness = await TokenHarness.StartAsync();
        harness.Issuer.Published = [harness.Issuer.Key, SigningKey.OfRsa("second")];
        harness.Issuer.Key = SigningKey.OfRsa("second");

        Assert.Null(await harness.ReasonAsync(harness.Issuer.Token()));
        Assert.Equal(2, harness.Issuer.Fetches);
    }

    [Fact]
    public async Task Read_HerdOfUnknownKeys_CausesOneFetch()
    {
        await using var harness = await TokenHarness.StartAsync();
        var tokens = Enumerable.Range(0, 200).Select(index => harness.Issuer.Sign(harness.Issuer.Header(("kid", $"k{index}")), harness.Issuer.Payload())).ToArray();

        var reasons = await Task.WhenAll(tokens.Select(token => Task.Run(() => harness.ReasonAsync(token))));

        Assert.All(reasons, static reason => Assert.Equal(TokenReason.UnknownKey, reason));
        Assert.Equal(2, harness.Issuer.Fetches);
    }

    [Fact]
    public async Task Read_UnknownKeysWithoutEnd_CauseOneFetchInFiveSeconds()
    {
        await using var harness = await TokenHarness.StartAsync();
        var unknown = harness.Issuer.Sign(harness.Issuer.Header(("kid", "x")), harness.Issuer.Payload(("exp", harness.Issuer.Now.ToUnixTimeSeconds() + 10_000)));

        for (var second = 0; second < 60; second++)
        {
            harness.Time.Advance(Second);
            Assert.Equal(TokenReason.UnknownKey, await harness.ReasonAsync(unknown));
            Assert.Equal(TokenReason.UnknownKey, await harness.ReasonAsync(unknown));
        }

        Assert.Equal(1 + 12, harness.Issuer.Fetches);
    }

    [Fact]
    public async Task Read_KeyIsPublishedWhileAFetchGoesOn_IsFetchedAgain()
    {
        await using var harness = await TokenHarness.StartAsync();
        var gate = new TaskCompletionSource();
        var discovery = new Fetches { Gate = gate.Task };
        using var keys = discovery.Create(harness);
        var start = keys.StartAsync();
        var joined = keys.TryRefreshAsync();
        gate.SetResult();
        await start;

        // The start did it, not a token: what tokens may cause is still to be had.
        Assert.True(await joined);
        Assert.True(await keys.TryRefreshAsync());
        Assert.Equal(2, discovery.Count);
        Assert.False(await keys.TryRefreshAsync());
    }

    private static async Task UntilAsync(TokenHarness harness, Func<bool> condition, TimeSpan? step = null)
    {
        while (!condition())
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            harness.Time.Advance(step ?? Second);

            // Real time for what this has begun: a clock that runs on meanwhile would end it as too slow.
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        while (!condition())
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private sealed class Fetches
    {
        private int _count;

        public int Count => Volatile.Read(ref _count);

        public Task Gate { get; set; } = Task.CompletedTask;

        public KeyDiscovery Create(TokenHarness harness) => new(
            "test",
            async _ =>
            {
                Interlocked.Increment(ref _count);
                await Gate;
                return harness.Issuers.Find(harness.Issuer.Name)?.CurrentKeys ?? throw new InvalidOperationException("There are no keys.");
            },
            TimeSpan.FromSeconds(5),
            TimeSpan.FromMinutes(10),
            TimeSpan.FromDays(1),
            harness.Get<JwtTelemetry>(),
            harness.Time);
    }
}
