using Microsoft.Extensions.Time.Testing;
using SecureInference.Pipeline.RateLimiting;
using SecureInference.Tests.Abstractions;

namespace SecureInference.Tests.Pipeline.RateLimiting;

/// <summary>What a request costs: the least before its body, the rest before its run, nothing where the server failed.</summary>
public sealed class CostTests
{
    private const string Model = "digits";
    private readonly FakeTimeProvider _time = new();
    private readonly Caller _caller = Some.Caller();

    [Theory]
    [InlineData(RequestCost.Requests, 9)]
    [InlineData(RequestCost.Rows, 6)]
    [InlineData(RequestCost.WeightedRows, 2)]
    public void Settle_FourRowsOfWeightTwo_CostWhatTheOptionSays(RequestCost cost, int left)
    {
        var sut = CreateSut(cost);
        var http = Some.Request();

        Assert.Null(sut.Take(http, _caller, Model));
        Assert.Null(sut.Settle(http, rows: 4));

        Assert.Equal($"\"default\";r={left};t=1", http.Response.Headers["RateLimit"]);
    }

    [Fact]
    public void Settle_Shortfall_Is429AndLeavesNoDebt()
    {
        var sut = CreateSut(RequestCost.Rows);
        for (var used = 0; used < 5; used++)
        {
            sut.Take(Some.Request(), _caller, Model);
        }

        var http = Some.Request();
        Assert.Null(sut.Take(http, _caller, Model));

        var error = sut.Settle(http, rows: 6);

        Assert.Equal(429, error?.Status);
        Assert.Equal(["default"], error!.ViolatedPolicies);
        Assert.Equal("\"default\";r=4;t=1", http.Response.Headers["RateLimit"]);
        Assert.Equal(4, sut.TakeAll(_caller, model: Model));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(10)]
    public void Settle_RefusedCallerWaitsAsTold_PassesWithTheSameRowsEveryTime(int rows)
    {
        var sut = CreateSut(RequestCost.Rows);
        for (var round = 0; round < 30; round++)
        {
            sut.TakeAll(_caller, model: Model);
            _time.Advance(TimeSpan.FromTicks(7_654_321 * (round % 5)));
            var refused = Some.Request();
            var error = sut.Take(refused, _caller, Model) ?? sut.Settle(refused, rows);
            if (error is null)
            {
                continue;
            }

            // The wait is that of whoever refused: before the body is read, nobody knows of the rows.
            _time.Advance(error.RetryAfter!.Value);
            var again = Some.Request();
            Assert.Null(sut.Take(again, _caller, Model));
            if (sut.Settle(again, rows) is { } second)
            {
                _time.Advance(second.RetryAfter!.Value);
                var third = Some.Request();
                Assert.Null(sut.Take(third, _caller, Model) ?? sut.Settle(third, rows));
            }
        }
    }

    [Theory]
    [InlineData(8, 1, 8)]
    [InlineData(1, 8, 1)]
    [InlineData(11, 5, 5)]
    public void Take_NothingIsLeft_TellsTheWaitOfARequestLikeTheLastThatMayPass(int last, int before, int expected)
    {
        var sut = CreateSut(RequestCost.Rows);
        Run(sut, before);
        Run(sut, last);
        sut.TakeAll(_caller);

        Assert.Equal(TimeSpan.FromSeconds(expected), sut.Take(Some.Request(), _caller, Model)?.RetryAfter);
        Assert.Equal(TimeSpan.FromSeconds(1), sut.Take(Some.Request(), _caller)?.RetryAfter);
    }

    [Fact]
    public void Take_NothingIsLeftAndLittleOfTheDay_GuessesNotUntilMidnight()
    {
        var sut = CreateSut(new RateLimitOptions { Cost = RequestCost.Rows, Default = new CallerLimitOptions { TokenLimit = 10, TokensPerPeriod = 1, DailyLimit = 12 } });
        Run(sut, rows: 8);
        sut.TakeAll(_caller);

        var error = sut.Take(Some.Request(), _caller, Model);

        Assert.Equal(["default"], error?.ViolatedPolicies);
        Assert.Equal(TimeSpan.FromSeconds(8), error!.RetryAfter);
    }

    [Fact]
    public void Settle_MoreThanABucketEverHolds_Is400()
    {
        var sut = CreateSut(RequestCost.Rows);
        var http = Some.Request();
        sut.Take(http, _caller, Model);

        var error = sut.Settle(http, rows: 11);

        Assert.Equal(InferenceErrorCode.CostTooHigh, error?.Code);
        Assert.Equal(400, error!.Status);
        Assert.Contains("costs 11", error.Detail, StringComparison.Ordinal);
        Assert.Contains("'default' never holds more than 10", error.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void GiveBack_AfterBothSteps_EverythingIsThereAgainAndOnce()
    {
        var sut = CreateSut(RequestCost.Rows);
        sut.Take(Some.Request(), _caller, Model);
        var http = Some.Request();
        sut.Take(http, _caller, Model);
        sut.Settle(http, rows: 6);

        sut.GiveBack(http);
        sut.GiveBack(http);

        Assert.Equal("\"default\";r=9;t=1", http.Response.Headers["RateLimit"]);
        Assert.Equal(9, sut.TakeAll(_caller, model: Model));
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData(30L, null)]
    [InlineData(30L, "gzip")]
    public void Settle_Bytes_AreChargedOnceWhateverWasSaidOfThem(long? length, string? encoding)
    {
        var sut = CreateSut(new RateLimitOptions { Default = Roomy(new TokenBucketOptions { TokenLimit = 100, TokensPerPeriod = 1 }) });
        var http = Some.Request();
        http.Request.ContentLength = length;
        http.Request.Headers.ContentEncoding = encoding;

        Assert.Null(sut.Take(http, _caller, Model));
        Assert.Null(sut.Settle(http, rows: 1, bytes: 30));

        Assert.Equal("\"default-bytes\";r=70;t=1", http.Response.Headers["RateLimit"]);
    }

    [Fact]
    public void Settle_AppInflatesTheBodyBeforeItsEndpoint_EveryByteIsCharged()
    {
        var sut = CreateSut(new RateLimitOptions { Default = Roomy(new TokenBucketOptions { TokenLimit = 100, TokensPerPeriod = 1 }) });
        var http = Some.Request();
        http.Request.ContentLength = 30;
        http.Request.Headers.ContentEncoding = "gzip";
        Assert.Null(sut.Take(http, _caller, Model));
        http.Request.Headers.Remove("Content-Encoding");

        Assert.Null(sut.Settle(http, rows: 1, bytes: 90));

        Assert.Equal("\"default-bytes\";r=10;t=1", http.Response.Headers["RateLimit"]);
    }

    [Fact]
    public void Take_BodySaysThatItIsLargerThanTheBytesEver_Is400BeforeItIsRead()
    {
        var sut = CreateSut(new RateLimitOptions { Default = Roomy(new TokenBucketOptions { TokenLimit = 100, TokensPerPeriod = 1 }) });
        var http = Some.Request();
        http.Request.ContentLength = 101;

        Assert.Equal(InferenceErrorCode.CostTooHigh, sut.Take(http, _caller, Model)?.Code);
    }

    [Fact]
    public void Take_BytesAreUsedUp_Is429AndTellsOfThem()
    {
        var sut = CreateSut(new RateLimitOptions { Default = Roomy(new TokenBucketOptions { TokenLimit = 100, TokensPerPeriod = 10 }) });
        var first = Some.Request();
        first.Request.ContentLength = 80;
        Assert.Null(sut.Take(first, _caller, Model));
        var http = Some.Request();
        http.Request.ContentLength = 70;

        var error = sut.Take(http, _caller, Model);

        Assert.Equal(TimeSpan.FromSeconds(5), error?.RetryAfter);
        Assert.Equal(["default-bytes"], error!.ViolatedPolicies);
        Assert.Equal("\"default\";q=1000;w=1000, \"default-bytes\";q=100;w=10;qu=\"content-bytes\"", http.Response.Headers["RateLimit-Policy"]);
    }

    private void Run(CallerLimiter sut, int rows)
    {
        var http = Some.Request();
        Assert.Null(sut.Take(http, _caller, Model));
        sut.Settle(http, rows);
    }

    private static CallerLimitOptions Roomy(TokenBucketOptions bytes) => new() { TokenLimit = 1000, TokensPerPeriod = 1, Bytes = bytes };

    private CallerLimiter CreateSut(RequestCost cost) => CreateSut(new RateLimitOptions
    {
        Cost = cost,
        Default = new CallerLimitOptions { TokenLimit = 10, TokensPerPeriod = 1 },
        Models = { [Model] = new ModelLimitOptions { Weight = 2 } },
    });

    private CallerLimiter CreateSut(RateLimitOptions options) => LimiterCalls.Create(options, new CallerStates(_time), _time);
}
