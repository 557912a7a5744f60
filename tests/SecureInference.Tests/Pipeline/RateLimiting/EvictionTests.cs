using Microsoft.Extensions.Time.Testing;
using SecureInference.Pipeline.RateLimiting;
using SecureInference.Tests.Abstractions;

namespace SecureInference.Tests.Pipeline.RateLimiting;

/// <summary>A state that is swept out mints nothing, whoever still holds it.</summary>
public sealed class EvictionTests
{
    private const int TokenLimit = 5;
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Take_CallerHoldsAStateThatWasSweptOut_FindsTheOneInForce()
    {
        var states = new CallerStates(_time, firstSweep: 10);
        var sut = CreateSut(states, TimeSpan.FromHours(1));
        var before = Caller(states);
        Sweep(states, "a");
        Assert.True(before.State!.IsEvicted);

        Assert.Null(sut.Take(Some.Request(), before));
        Assert.Null(sut.Take(Some.Request(), Caller(states)));

        Assert.Equal(TokenLimit - 2, sut.TakeAll(before));
        Assert.Equal(429, sut.Take(Some.Request(), Caller(states))?.Status);
    }

    [Fact]
    public void Describe_CallerHoldsAStateThatWasSweptOut_TellsOfTheOneInForce()
    {
        var states = new CallerStates(_time, firstSweep: 10);
        var sut = CreateSut(states, TimeSpan.FromHours(1));
        var before = Caller(states);
        Sweep(states, "a");
        sut.ChargeRefusal(Some.Request(), before);
        var http = Some.Request();

        sut.Describe(http, before);

        Assert.StartsWith($"\"default\";r={TokenLimit - 1};", http.Response.Headers["RateLimit"].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Take_SweepsWithoutPause_GrantsTheLimitAndNoMore()
    {
        const int Takers = 4;
        const int Rounds = 10_000;
        const int Others = 20;
        var states = new CallerStates(_time, firstSweep: 4);
        var sut = CreateSut(states, TimeSpan.FromSeconds(1));
        var pinned = Caller(states);
        var granted = 0;
        var evictions = 0;
        var before = pinned.State;
        var wrong = new List<int>();

        // The clock stands still in a round, and so whatever is granted beyond the limit was minted.
        using var round = new Barrier(Takers + 1, _ =>
        {
            if (granted != TokenLimit)
            {
                wrong.Add(granted);
            }

            granted = 0;
            evictions += before!.IsEvicted ? 1 : 0;
            before = states.Get("shop");
            _time.Advance(TimeSpan.FromSeconds(2 * TokenLimit));
        });
        var takers = Enumerable.Range(0, Takers).Select(taker => Run(() =>
        {
            var http = Some.Request();
            for (var index = 0; index < Rounds; index++)
            {
                // Some hold a state that was found long ago, some look each time.
                var caller = taker % 2 == 0 ? pinned : new Caller("shop", "Jwt", Some.Scopes());
                for (var take = 0; take < TokenLimit; take++)
                {
                    Interlocked.Add(ref granted, sut.Take(http, caller) is null ? 1 : 0);
                }

                round.SignalAndWait(TestContext.Current.CancellationToken);
            }
        }));
        var sweeper = Run(() =>
        {
            for (var index = 0; index < Rounds; index++)
            {
                for (var other = 0; other < Others; other++)
                {
                    states.Get($"other {other}");
                }

                round.SignalAndWait(TestContext.Current.CancellationToken);
            }
        });

        await Task.WhenAll([.. takers, sweeper]);

        Assert.Empty(wrong);
        Assert.InRange(evictions, Rounds / 100, Rounds);
    }

    [Theory]
    [InlineData("nothing", true)]
    [InlineData("running", false)]
    [InlineData("day", false)]
    [InlineData("model", false)]
    [InlineData("bytes", false)]
    public void Sweep_BucketIsFullAgain_WhatElseIsCountedKeepsTheState(string counted, bool isEvicted)
    {
        var states = new CallerStates(_time, firstSweep: 10);
        var slow = new TokenBucketOptions { TokenLimit = 100, TokensPerPeriod = 1, ReplenishmentPeriod = TimeSpan.FromDays(1) };
        var sut = LimiterCalls.Create(
            new RateLimitOptions
            {
                Default = new CallerLimitOptions
                {
                    ConcurrencyLimit = counted == "running" ? 1 : null,
                    DailyLimit = counted == "day" ? 100 : null,
                    Bytes = counted == "bytes" ? slow : null,
                },
                Models = { ["digits"] = new ModelLimitOptions { PerCaller = counted == "model" ? slow : null } },
            },
            states,
            _time);
        var caller = Caller(states);
        var http = Some.Request();
        http.Request.ContentLength = 50;
        Assert.Null(sut.Take(http, caller, "digits"));

        _time.Advance(TimeSpan.FromMinutes(1));
        Sweep(states, "a");

        Assert.Equal(isEvicted, caller.State!.IsEvicted);
    }

    private static Task Run(Action action) =>
        Task.Factory.StartNew(action, TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private static Caller Caller(CallerStates states, string subject = "shop") => new(subject, "ApiKey", Some.Scopes(), states.Get(subject));

    private static void Sweep(CallerStates states, string prefix)
    {
        for (var index = 0; index < 10; index++)
        {
            states.Get($"{prefix}{index}");
        }
    }

    private CallerLimiter CreateSut(CallerStates states, TimeSpan period) => LimiterCalls.Create(
        new RateLimitOptions { Default = new CallerLimitOptions { TokenLimit = TokenLimit, TokensPerPeriod = 1, ReplenishmentPeriod = period } }, states, _time);
}
