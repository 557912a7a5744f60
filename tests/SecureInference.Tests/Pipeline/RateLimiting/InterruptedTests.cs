using SecureInference.Pipeline.RateLimiting;
using SecureInference.Tests.Abstractions;

namespace SecureInference.Tests.Pipeline.RateLimiting;

/// <summary>Something comes between the steps of a take.</summary>
public sealed class InterruptedTests
{
    private const string Model = "digits";
    private readonly InterruptingTime _time = new();

    [Fact]
    public void Take_LimitIsUsedUpAfterTheLook_WhatWasTakenGoesBack()
    {
        var hour = TimeSpan.FromHours(1);
        var sut = LimiterCalls.Create(
            new RateLimitOptions
            {
                Default = new CallerLimitOptions { TokenLimit = 10, TokensPerPeriod = 1, ReplenishmentPeriod = hour },
                Models = { [Model] = new ModelLimitOptions { Total = new TokenBucketOptions { TokenLimit = 1, TokensPerPeriod = 1, ReplenishmentPeriod = hour } } },
            },
            new CallerStates(_time),
            _time);
        var caller = Some.Caller();

        // Both limits are looked at, then the caller's own is taken from.
        _time.InterruptAt(3, () => Assert.Null(sut.Take(Some.Request(), Some.Caller("bank"), Model)));
        var error = sut.Take(Some.Request(), caller, Model);

        Assert.Equal(["model-digits-total"], error?.ViolatedPolicies);
        Assert.Equal(10, sut.TakeAll(caller));
    }

    [Fact]
    public void Take_StateIsSweptOutOnceItIsFound_IsTakenFromTheOneInForce()
    {
        var states = new CallerStates(_time, firstSweep: 10);
        var sut = LimiterCalls.Create(new RateLimitOptions(), states, _time);
        var caller = new Caller("shop", "ApiKey", Some.Scopes(), states.Get("shop"));

        _time.InterruptAt(1, () =>
        {
            for (var other = 0; other < 10; other++)
            {
                states.Get($"other {other}");
            }
        });
        var error = sut.Take(Some.Request(), caller);

        Assert.True(caller.State!.IsEvicted);
        Assert.Null(error);
        Assert.Equal(59, sut.TakeAll(caller));
    }

    /// <summary>A clock that stands still, and lets something happen when it is read.</summary>
    private sealed class InterruptingTime : TimeProvider
    {
        private int _left;
        private Action? _interrupt;

        public void InterruptAt(int reading, Action interrupt) => (_left, _interrupt) = (reading, interrupt);

        public override long GetTimestamp()
        {
            if (_interrupt is { } interrupt && --_left == 0)
            {
                _interrupt = null;
                interrupt();
            }

            return 0;
        }
    }
}
