using Microsoft.Extensions.Time.Testing;
using SecureInference.Pipeline.RateLimiting;
using SecureInference.Tests.Abstractions;

namespace SecureInference.Tests.Pipeline.RateLimiting;

/// <summary>Where several limits apply, all of them are charged or none, and the tightest decides.</summary>
public sealed class SeveralLimitsTests
{
    private const string Model = "digits";
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 5, 4, 23, 59, 30, TimeSpan.Zero));

    private readonly RateLimitOptions _options = new()
    {
        Default = new CallerLimitOptions
        {
            TokenLimit = 20,
            TokensPerPeriod = 1,
            ConcurrencyLimit = 2,
            DailyLimit = 15,
            Total = Bucket(30),
        },
        Models = { [Model] = new ModelLimitOptions { PerCaller = Bucket(5), Total = Bucket(8) } },
    };

    [Fact]
    public void Take_Model_HasTheTightestOfItsLimits()
    {
        var sut = CreateSut();

        Assert.Equal(5, TakeAll(sut, Some.Caller(), Model));
        Assert.Equal(3, TakeAll(sut, Some.Caller("bank"), Model));
        Assert.Equal(0, TakeAll(sut, Some.Caller("port"), Model));
    }

    [Fact]
    public void Take_OneLimitIsUsedUp_NoOtherIsCharged()
    {
        var sut = CreateSut();
        var caller = Some.Caller();
        TakeAll(sut, caller, Model);
        for (var attempt = 0; attempt < 50; attempt++)
        {
            Assert.Equal(429, sut.Take(Some.Request(), caller, Model)?.Status);
        }

        // The day's fifteen, less the five.
        Assert.Equal(10, TakeAll(sut, caller));
    }

    [Fact]
    public void Take_Refused_NamesEachLimitThatIsUsedUpAndTheLongestWait()
    {
        var sut = CreateSut();
        var caller = Some.Caller();
        TakeAll(sut, caller, Model);
        TakeAll(sut, Some.Caller("bank"), Model);
        TakeAll(sut, caller);
        var http = Some.Request();

        var error = sut.Take(http, caller, Model);

        Assert.Equal(["default-daily", "model-digits", "model-digits-total"], error?.ViolatedPolicies);
        Assert.Equal(TimeSpan.FromSeconds(30), error!.RetryAfter);
        Assert.Equal("\"default-daily\";r=0;t=30, \"model-digits\";r=0;t=10, \"model-digits-total\";r=0;t=10", http.Response.Headers["RateLimit"]);
        Assert.Equal(
            "\"default\";q=20;w=20, \"default-daily\";q=15;w=86400, \"model-digits\";q=5;w=50, \"default-total\";q=30;w=300, \"model-digits-total\";q=8;w=80, "
            + "\"default-concurrency\";q=2;qu=\"concurrent-requests\"",
            http.Response.Headers["RateLimit-Policy"]);
    }

    [Fact]
    public void Take_Passed_TellsOfTheTightest()
    {
        var http = Some.Request();

        CreateSut().Take(http, Some.Caller(), Model);

        Assert.Equal("\"model-digits\";r=4;t=10", http.Response.Headers["RateLimit"]);
    }

    [Fact]
    public void Take_DayIsUsedUp_PassesAfterMidnightAndNotBefore()
    {
        var sut = CreateSut();
        var caller = Some.Caller();
        Assert.Equal(15, TakeAll(sut, caller));
        var error = sut.Take(Some.Request(), caller);
        Assert.Equal(["default-daily"], error?.ViolatedPolicies);

        _time.Advance(error!.RetryAfter!.Value - TimeSpan.FromMilliseconds(1));
        Assert.Equal(0, TakeAll(sut, caller));
        _time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal(15, TakeAll(sut, caller));
    }

    [Fact]
    public void Take_AsManyAtOnceAsMay_TheNextIs429UntilOneIsOver()
    {
        var sut = CreateSut();
        var caller = Some.Caller();
        var first = Some.Request();
        Assert.Null(sut.Take(first, caller));
        Assert.Null(sut.Take(Some.Request(), caller));
        var http = Some.Request();

        var error = sut.Take(http, caller);

        Assert.Equal((429, TimeSpan.FromSeconds(1)), (error!.Status, error.RetryAfter));
        Assert.Equal(["default-concurrency"], error.ViolatedPolicies);
        Assert.Equal("\"default-concurrency\";r=0", http.Response.Headers["RateLimit"]);
        InferenceContext.Get(first).Charge!.End();
        Assert.Null(sut.Take(Some.Request(), caller));
    }

    [Fact]
    public void Take_RequestIsExecutedAgain_GoesOnOnce()
    {
        var sut = CreateSut();
        var caller = Some.Caller();
        var http = Some.Request();
        for (var again = 0; again < 5; again++)
        {
            Assert.Null(sut.Take(http, caller));
        }

        InferenceContext.Get(http).Charge!.End();

        Assert.Equal(0, caller.State!.Usage!.Running);
    }

    [Fact]
    public void Take_RefusedByAnotherLimit_DoesNotCountAsGoingOn()
    {
        var sut = CreateSut();
        var caller = Some.Caller();
        TakeAll(sut, caller, Model);
        for (var attempt = 0; attempt < 5; attempt++)
        {
            sut.Take(Some.Request(), caller, Model);
        }

        Assert.Null(sut.Take(Some.Request(), caller));
    }

    [Fact]
    public void Take_OtherTier_HasATotalOfItsOwn()
    {
        _options.Tiers["gold"] = new CallerLimitOptions { TokenLimit = 100, TokensPerPeriod = 1, Total = Bucket(7) };
        var sut = CreateSut();

        Assert.Equal(7, TakeAll(sut, Some.Caller(tier: "gold")));
        Assert.Equal(0, TakeAll(sut, Some.Caller("bank", tier: "gold")));
        Assert.Equal(15, TakeAll(sut, Some.Caller("port")));
    }

    [Fact]
    public void Take_DryRun_PassesEverythingAndSaysWhatItWouldHaveDone()
    {
        _options.DryRun = true;
        var sut = CreateSut();
        var caller = Some.Caller();
        for (var count = 0; count < 30; count++)
        {
            var http = Some.Request();
            Assert.Null(sut.Take(http, caller, Model));
            Assert.Equal(count < 5 ? null : InferenceErrorCode.RateLimited, InferenceContext.Get(http).WouldRefuse?.Code);
            InferenceContext.Get(http).Charge!.End();
        }
    }

    private static TokenBucketOptions Bucket(int limit) => new() { TokenLimit = limit, TokensPerPeriod = 1, ReplenishmentPeriod = TimeSpan.FromSeconds(10) };

    private static int TakeAll(CallerLimiter sut, Caller caller, string? model = null)
    {
        var count = 0;
        for (var http = Some.Request(); sut.Take(http, caller, model) is null; http = Some.Request())
        {
            count++;
            InferenceContext.Get(http).Charge!.End();
        }

        return count;
    }

    private CallerLimiter CreateSut() => LimiterCalls.Create(_options, new CallerStates(_time), _time);
}
