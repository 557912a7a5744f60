using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using SecureInference.Pipeline.RateLimiting;
using SecureInference.Tests.Abstractions;

namespace SecureInference.Tests.Pipeline.RateLimiting;

/// <summary>Limits that nodes keep together: what is asked of the store, and what its answers mean.</summary>
public sealed class SharedLimitsTests
{
    private const string Model = "digits";
    private readonly FakeTimeProvider _time = new();
    private readonly Store _store = new();
    private readonly Caller _caller = Some.Caller();

    [Fact]
    public async Task Take_Shared_AsksForTheCallersOwnTogetherAndForEachTotalAlone()
    {
        var sut = CreateSut();

        Assert.Null(await TakeAsync(sut, Some.Request()));

        Assert.Equal(
            ["shop: tokens 1 of 40 (4 in 00:00:02), model-digits 1 of 8 (1 in 00:00:01)", "\0model:digits: tokens 1 of 12 (3 in 00:00:01)"],
            _store.Asked);
    }

    [Fact]
    public async Task Take_Short_Is429WithTheStoresWait()
    {
        var sut = CreateSut();
        _store.Answer = static (_, demand) =>
        {
            demand.IsShort = demand.Bucket == "tokens";
            demand.Left = demand.IsShort ? 0 : 5;
            demand.UntilNext = TimeSpan.FromMilliseconds(400);
        };
        var http = Some.Request();

        var error = await TakeAsync(sut, http);

        Assert.Equal(429, error?.Status);
        Assert.Equal(["default", "model-digits-total"], error!.ViolatedPolicies);
        Assert.Equal(TimeSpan.FromSeconds(1), error.RetryAfter);
        Assert.Equal("\"default\";r=0;t=1, \"model-digits-total\";r=0;t=1", http.Response.Headers["RateLimit"]);
    }

    [Fact]
    public async Task Take_TotalIsShort_TheCallerGetsItsOwnBack()
    {
        var sut = CreateSut();
        _store.Answer = static (owner, demand) => demand.IsShort = owner.StartsWith('\0');

        Assert.Equal(429, (await TakeAsync(sut, Some.Request()))?.Status);

        Assert.Equal(["shop: tokens 1, model-digits 1"], _store.GivenBack);
    }

    [Fact]
    public async Task Settle_Short_WaitsForAllThatTheRequestCosts()
    {
        var sut = CreateSut();
        var http = Some.Request();
        Assert.Null(await TakeAsync(sut, http));
        _store.Answer = static (_, demand) =>
        {
            demand.IsShort = demand.Limit == 40;
            demand.Left = demand.IsShort ? 2 : 5;
            demand.UntilNext = TimeSpan.FromMilliseconds(100);
        };

        var error = await InferenceContext.Get(http).SettleAsync(http, rows: 5, bytes: 0);

        // Two are there, the third comes in a tenth of a second, each of the other two in half a second; the model's own has its five.
        Assert.Equal(["default"], error?.ViolatedPolicies);
        Assert.Equal(TimeSpan.FromSeconds(2), error!.RetryAfter);
        Assert.Equal("shop: tokens 4 of 40 (4 in 00:00:02), model-digits 4 of 8 (1 in 00:00:01)", _store.Asked[2]);
    }

    [Fact]
    public async Task GiveBack_BothSteps_GoBackWhereTheyCameFromOnce()
    {
        var sut = CreateSut();
        var http = Some.Request();
        await TakeAsync(sut, http);
        await InferenceContext.Get(http).SettleAsync(http, rows: 5, bytes: 0);

        sut.GiveBack(http);
        sut.GiveBack(http);

        Assert.Equal(
            ["shop: tokens 1, model-digits 1", "\0model:digits: tokens 1", "shop: tokens 4, model-digits 4", "\0model:digits: tokens 4"],
            _store.GivenBack);
    }

    [Fact]
    public async Task Take_Local_HasThisNodesPartOfEachLimit()
    {
        _store.Outcome = SharedOutcome.Local;
        var sut = CreateSut();
        var passed = 0;
        while (await TakeAsync(sut, Some.Request()) is null)
        {
            passed++;
        }

        // A quarter of the caller's eight for the model.
        Assert.Equal(2, passed);
    }

    [Fact]
    public async Task Settle_StoreIsLostInBetween_TheRestIsTakenHereAndEachGoesBackToItsPlace()
    {
        var sut = CreateSut();
        var http = Some.Request();
        Assert.Null(await TakeAsync(sut, http));
        _store.Outcome = SharedOutcome.Local;
        Assert.Null(await InferenceContext.Get(http).SettleAsync(http, rows: 2, bytes: 0));

        sut.GiveBack(http);

        Assert.Equal(["shop: tokens 1, model-digits 1", "\0model:digits: tokens 1"], _store.GivenBack);
        Assert.Equal("\"default\";r=10;t=0", http.Response.Headers["RateLimit"]);
    }

    [Theory]
    [InlineData(SharedOutcome.FailOpen, null)]
    [InlineData(SharedOutcome.FailClosed, 503)]
    public async Task Take_StoreIsLost_IsAnsweredAsItsModeSays(object outcome, int? status)
    {
        _store.Outcome = (SharedOutcome)outcome;

        var error = await TakeAsync(CreateSut(), Some.Request());

        Assert.Equal(status, error?.Status);
        Assert.Equal(status is null ? null : InferenceErrorCode.LimitsUnavailable, error?.Code);
    }

    [Fact]
    public async Task ChargeRefusal_Shared_TakesAToken()
    {
        await CreateSut().ChargeRefusalAsync(Some.Request(), Some.Caller());

        Assert.Equal(["shop: tokens 1 of 40 (4 in 00:00:02)"], _store.Asked);
    }

    private ValueTask<InferenceError?> TakeAsync(CallerLimiter sut, HttpContext http)
    {
        var context = InferenceContext.Get(http);
        context.Identify(_caller);
        context.Model = Model;
        return sut.TakeAsync(http, context, LimiterCalls.Infer);
    }

    private CallerLimiter CreateSut() => LimiterCalls.Create(
        new RateLimitOptions
        {
            Cost = RequestCost.Rows,
            Default = new CallerLimitOptions { TokenLimit = 40, TokensPerPeriod = 4, ReplenishmentPeriod = TimeSpan.FromSeconds(2) },
            Models =
            {
                [Model] = new ModelLimitOptions
                {
                    PerCaller = new TokenBucketOptions { TokenLimit = 8, TokensPerPeriod = 1 },
                    Total = new TokenBucketOptions { TokenLimit = 12, TokensPerPeriod = 3 },
                },
            },
        },
        new CallerStates(_time),
        _time,
        _store);

    private sealed class Store : ISharedLimits
    {
        public int ExpectedNodes => 4;

        public SharedOutcome? Outcome { get; set; }

        public Action<string, SharedDemand> Answer { get; set; } = static (_, demand) => demand.Left = demand.Limit - demand.Tokens;

        public List<string> Asked { get; } = [];

        public List<string> GivenBack { get; } = [];

        public async ValueTask<SharedOutcome> TakeAsync(string owner, ReadOnlyMemory<SharedDemand> demands)
        {
            Asked.Add($"{owner}: {string.Join(", ", demands.ToArray().Select(static demand => $"{demand.Bucket} {demand.Tokens} of {demand.Limit} ({demand.TokensPerPeriod} in {demand.Period})"))}");
            await Task.Yield();
            if (Outcome is { } outcome)
            {
                return outcome;
            }

            foreach (var demand in demands.ToArray())
            {
                Answer(owner, demand);
            }

            return Array.Exists(demands.ToArray(), static demand => demand.IsShort) ? SharedOutcome.Short : SharedOutcome.Taken;
        }

        public void GiveBack(string owner, ReadOnlyMemory<SharedDemand> demands) =>
            GivenBack.Add($"{owner}: {string.Join(", ", demands.ToArray().Select(static demand => $"{demand.Bucket} {demand.Tokens}"))}");
    }
}
