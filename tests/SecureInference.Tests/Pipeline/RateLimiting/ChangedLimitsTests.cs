using Microsoft.Extensions.Time.Testing;
using SecureInference.Pipeline.RateLimiting;
using SecureInference.Tests.Abstractions;

namespace SecureInference.Tests.Pipeline.RateLimiting;

/// <summary>A reload changes what may be used, and nothing of what was.</summary>
public sealed class ChangedLimitsTests
{
    private readonly FakeTimeProvider _time = new();

    [Theory]
    [InlineData(60, 20, 60, 1)]
    [InlineData(60, 20, 60, 1000)]
    [InlineData(60, 1, 30, 20)]
    public void Apply_EmptyBucket_StaysEmptyAndFillsAtTheNewPace(int limit, int perSecond, int newLimit, int newPerSecond)
    {
        var sut = CreateSut(limit, perSecond);
        var caller = Some.Caller();
        Assert.Equal(limit, sut.TakeAll(caller));

        sut.Apply(Options(newLimit, newPerSecond));

        Assert.Equal(limit - newLimit, Math.Max(limit - newLimit, sut.TakeAll(caller)));
        _time.Advance(TimeSpan.FromSeconds((limit + 1) / (double)newPerSecond));
        Assert.InRange(sut.TakeAll(caller), 1, newLimit);
    }

    [Fact]
    public void Apply_LargerLimit_AddsTheDifferenceOnly()
    {
        var sut = CreateSut(60, 20);
        var caller = Some.Caller();
        sut.TakeAll(caller);

        sut.Apply(Options(100, 20));

        Assert.Equal(40, sut.TakeAll(caller));
    }

    [Fact]
    public void Apply_AgainAndAgain_MintsNothing()
    {
        var sut = CreateSut(60, 1);
        var caller = Some.Caller();
        var granted = sut.TakeAll(caller);
        for (var round = 1; round <= 50; round++)
        {
            sut.Apply(Options(60, 1 + (round % 2 * 999)));
            sut.Apply(Options(60, 1));
            granted += sut.TakeAll(caller);
        }

        Assert.Equal(60, granted);
    }

    [Fact]
    public void Apply_NewTier_ItsCallersBeginWithWhatTheyHaveUsed()
    {
        var sut = CreateSut(60, 20);
        var caller = Some.Caller(tier: "gold");
        Assert.Equal(60, sut.TakeAll(caller));
        var changed = Options(60, 20);
        changed.Tiers["gold"] = new CallerLimitOptions { TokenLimit = 120, TokensPerPeriod = 20 };

        sut.Apply(changed);

        // A bucket that was three seconds of its pace from full is so in the other tier too.
        Assert.Equal(60, sut.TakeAll(caller));
    }

    [Fact]
    public void Take_KeysOfTwoTiersInTurn_NoneGrantsMoreThanItsOwnLimit()
    {
        var options = Options(60, 20);
        options.Tiers["gold"] = new CallerLimitOptions { TokenLimit = 1000, TokensPerPeriod = 500 };
        var sut = LimiterCalls.Create(options, new CallerStates(_time), _time);
        var gold = Some.Caller(tier: "gold");
        var plain = new Caller(gold.Subject, "Jwt", Some.Scopes(), gold.State);
        var granted = (Gold: 0, Plain: 0);
        for (var step = 0; step < 2_000; step++)
        {
            granted.Gold += sut.Take(Some.Request(), gold) is null ? 1 : 0;
            granted.Plain += sut.Take(Some.Request(), plain) is null ? 1 : 0;
        }

        Assert.InRange(granted.Plain, 1, 60);
        Assert.InRange(granted.Gold, 1, 1000);

        // Together they use one time: what one key takes is missing to the other.
        Assert.InRange((granted.Gold / 500.0) + (granted.Plain / 20.0), 0, 3);
    }

    [Fact]
    public void Apply_TotalAndModel_KeepWhatWasUsed()
    {
        var options = Options(1000, 1);
        options.Models["digits"] = new ModelLimitOptions
        {
            PerCaller = new TokenBucketOptions { TokenLimit = 3, TokensPerPeriod = 1, ReplenishmentPeriod = TimeSpan.FromHours(1) },
            Total = new TokenBucketOptions { TokenLimit = 5, TokensPerPeriod = 1, ReplenishmentPeriod = TimeSpan.FromHours(1) },
        };
        var sut = LimiterCalls.Create(options, new CallerStates(_time), _time);
        var shop = Some.Caller();
        Assert.Equal(3, sut.TakeAll(shop, model: "digits"));

        sut.Apply(Options(1000, 1));
        sut.Apply(options);

        Assert.Equal(0, sut.TakeAll(shop, model: "digits"));
        Assert.Equal(2, sut.TakeAll(Some.Caller("bank"), model: "digits"));
    }

    [Fact]
    public void Apply_NamesOfTiersWithoutEnd_AreRefusedBeforeAnythingChanges()
    {
        var sut = CreateSut(5, 1);
        var caller = Some.Caller();
        for (var round = 0; round < 6; round++)
        {
            sut.Apply(Tiers($"round{round}-", 10));
        }

        var exception = Assert.Throws<InvalidOperationException>(() => sut.Apply(Tiers("one-more-", 2)));

        Assert.Contains("Restart it.", exception.Message, StringComparison.Ordinal);
        Assert.Equal(5, sut.TakeAll(caller));
        sut.Apply(Tiers("last-", 1));

        static RateLimitOptions Tiers(string prefix, int count)
        {
            var options = Options(count == 10 ? 5 : 9, 1);
            for (var index = 0; index < count; index++)
            {
                options.Tiers[$"{prefix}{index}"] = new CallerLimitOptions();
            }

            return options;
        }
    }

    private static RateLimitOptions Options(int limit, int perSecond) => new()
    {
        Default = new CallerLimitOptions { TokenLimit = limit, TokensPerPeriod = perSecond },
    };

    private CallerLimiter CreateSut(int limit, int perSecond) => LimiterCalls.Create(Options(limit, perSecond), new CallerStates(_time), _time);
}
