using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using SecureInference.Pipeline.RateLimiting;
using SecureInference.Tests.Abstractions;
using SecureInference.TestSupport;

namespace SecureInference.Tests.Pipeline.RateLimiting;

public sealed partial class CallerLimiterTests
{
    private readonly FakeTimeProvider _time = new();

    private readonly RateLimitOptions _options = new()
    {
        Default = new CallerLimitOptions { TokenLimit = 3, TokensPerPeriod = 2, ReplenishmentPeriod = TimeSpan.FromSeconds(3) },
        Tiers = { ["gold"] = new CallerLimitOptions { TokenLimit = 5, TokensPerPeriod = 5 } },
    };

    [Theory]
    [InlineData(null, 3)]
    [InlineData("gold", 5)]
    [InlineData("Gold", 3)]
    [InlineData("unknown", 3)]
    [InlineData("", 3)]
    public void Take_Tier_HasItsLimitAndAnUnknownOneTheDefault(string? tier, int expected)
    {
        var sut = CreateSut();
        var caller = Some.Caller(tier: tier);

        Assert.Equal(expected, sut.TakeAll(caller));
    }

    [Fact]
    public void Take_Headers_ReadAsTheDraftSays()
    {
        var sut = CreateSut();
        var caller = Some.Caller();
        var http = Some.Request();

        sut.Take(http, caller);

        Assert.Equal("\"default\";q=3;w=5", http.Response.Headers["RateLimit-Policy"]);
        Assert.Equal("\"default\";r=2;t=2", http.Response.Headers["RateLimit"]);
    }

    [Fact]
    public void Take_RefusedCallerWaitsAsTold_PassesEveryTime()
    {
        var sut = CreateSut();
        var caller = Some.Caller();
        for (var round = 0; round < 50; round++)
        {
            sut.TakeAll(caller);
            var http = Some.Request();
            var error = sut.Take(http, caller);
            Assert.Equal(429, error?.Status);
            var (left, wait) = Read(http);

            Assert.Equal(0, left);
            Assert.Equal(error!.RetryAfter, TimeSpan.FromSeconds(wait));
            Assert.Equal(Math.Ceiling(error.RetryAfter!.Value.TotalSeconds), error.RetryAfter.Value.TotalSeconds);
            _time.Advance(error.RetryAfter.Value);
            Assert.Null(sut.Take(Some.Request(), caller));
            _time.Advance(TimeSpan.FromTicks(1234567 * round));
        }
    }

    [Fact]
    public void Take_TwoCallers_DoNotShare()
    {
        var sut = CreateSut();

        Assert.Equal(3, sut.TakeAll(Some.Caller("shop")));
        Assert.Equal(3, sut.TakeAll(Some.Caller("bank")));
    }

    [Fact]
    public void Take_TwoKeysOfOneOwnerInDifferentTiers_NeverTellLessThanNothing()
    {
        var sut = CreateSut(new RateLimitOptions
        {
            Tiers = { ["slow"] = new CallerLimitOptions { TokenLimit = 1000, TokensPerPeriod = 1 } },
        });
        var state = new CallerState("shop");
        sut.TakeAll(new Caller("shop", "ApiKey", Some.Scopes(), state) { Tier = "slow" });
        var http = Some.Request();

        var error = sut.Take(http, new Caller("shop", "ApiKey", Some.Scopes(), state));

        Assert.Equal(429, error?.Status);
        Assert.Equal(0, Read(http).Left);
        Assert.Equal(error!.RetryAfter, TimeSpan.FromSeconds(Read(http).Wait));
    }

    [Fact]
    public void Take_StrangersOfOneNetwork_ShareABucket()
    {
        var sut = CreateSut();

        Assert.Equal(3, sut.TakeAll(caller: null, "203.0.113.7"));
        Assert.Equal(0, sut.TakeAll(caller: null, "203.0.113.250"));
    }

    [Fact]
    public void ChargeRefusal_EmptyBucket_TakesNothingMore()
    {
        var sut = CreateSut();
        var caller = Some.Caller();
        sut.TakeAll(caller);

        sut.ChargeRefusal(Some.Request(), caller);

        _time.Advance(TimeSpan.FromSeconds(1.5));
        Assert.Null(sut.Take(Some.Request(), caller));
    }

    [Fact]
    public void ChargeRefusal_FullBucket_TakesOne()
    {
        var sut = CreateSut();
        var caller = Some.Caller();

        sut.ChargeRefusal(Some.Request(), caller);

        Assert.Equal(2, sut.TakeAll(caller));
    }

    [Fact]
    public void Describe_AnswerSaysItAlready_ChangesNothing()
    {
        var sut = CreateSut();
        var caller = Some.Caller();
        var http = Some.Request();
        sut.Take(http, caller);
        var before = http.Response.Headers["RateLimit"];

        sut.Take(Some.Request(), caller);
        sut.Describe(http, caller);

        Assert.Equal(before, http.Response.Headers["RateLimit"]);
    }

    [Fact]
    public void Describe_Caller_TakesNothing()
    {
        var sut = CreateSut();
        var caller = Some.Caller();
        var http = Some.Request();

        sut.Describe(http, caller);

        Assert.Equal("\"default\";r=3;t=0", http.Response.Headers["RateLimit"]);
        Assert.Equal(3, sut.TakeAll(caller));
    }

    [Fact]
    public async Task Take_ManyThreadsAtOnce_NeverPassTheLimit()
    {
        var sut = CreateSut(new RateLimitOptions { Default = new CallerLimitOptions { TokenLimit = 500, TokensPerPeriod = 1, ReplenishmentPeriod = TimeSpan.FromHours(1) } });
        var caller = Some.Caller();

        var taken = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            var count = 0;
            for (var attempt = 0; attempt < 500; attempt++)
            {
                count += sut.Take(new DefaultHttpContext(), caller) is null ? 1 : 0;
            }

            return count;
        })));

        Assert.Equal(500, taken.Sum());
    }

    [GeneratedRegex("^\"[a-z]+\";r=([0-9]+);t=([0-9]+)$")]
    private static partial Regex RateLimitField { get; }

    private static (int Left, int Wait) Read(HttpContext http)
    {
        var match = RateLimitField.Match(http.Response.Headers["RateLimit"].ToString());
        Assert.True(match.Success, http.Response.Headers["RateLimit"].ToString());
        return (int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture), int.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture));
    }

    [Fact]
    public void Take_TierThatIsNotConfigured_SaysSoOnce()
    {
        using var log = new CollectedLog();
        var sut = new CallerLimiter(Options.Create(_options), new CallerStates(_time), Some.LoggingPart<RateLimitingTelemetry>(log), _time);

        sut.Take(Some.Request(), Some.Caller(tier: "platinum"));
        sut.Take(Some.Request(), Some.Caller(tier: "platinum"));

        Assert.Single(log.Entries, static entry => entry.EventId == 1250 && entry.Message.Contains("platinum", StringComparison.Ordinal));
    }

    [Fact]
    public void Take_TiersWithoutEnd_AreNamedAFewTimesOnly()
    {
        using var log = new CollectedLog();
        var sut = new CallerLimiter(Options.Create(_options), new CallerStates(_time), Some.LoggingPart<RateLimitingTelemetry>(log), _time);

        for (var index = 0; index < 500; index++)
        {
            sut.Take(Some.Request(), Some.Caller(tier: $"made-up-{index}"));
        }

        Assert.Equal(100, log.Entries.Count(static entry => entry.EventId == 1250));
    }

    private CallerLimiter CreateSut(RateLimitOptions? options = null) => LimiterCalls.Create(options ?? _options, new CallerStates(_time), _time);
}
