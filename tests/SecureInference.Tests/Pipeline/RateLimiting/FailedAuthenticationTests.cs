using Microsoft.Extensions.Time.Testing;
using SecureInference.Pipeline.RateLimiting;
using SecureInference.Tests.Abstractions;

namespace SecureInference.Tests.Pipeline.RateLimiting;

/// <summary>Guessing costs the guesser, and nobody else.</summary>
public sealed class FailedAuthenticationTests
{
    private const int TokenLimit = 4;
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void ChargeFailure_BucketOfTheNetworkIsEmpty_Is429AndSaysHowLong()
    {
        var sut = CreateSut();
        Assert.Equal(TokenLimit, FailAll(sut, "203.0.113.7"));
        var http = Some.Request("203.0.113.250");

        var error = sut.ChargeFailure(http);

        Assert.Equal(429, error?.Status);
        Assert.Equal("Too many credentials that failed. Wait as Retry-After says.", error!.Detail);
        Assert.Equal(["failed_authentication"], error.ViolatedPolicies);
        Assert.Equal(TimeSpan.FromSeconds(2), error!.RetryAfter);
        Assert.Equal("\"failed_authentication\";q=4;w=8", http.Response.Headers["RateLimit-Policy"]);
        Assert.Equal("\"failed_authentication\";r=0;t=2", http.Response.Headers["RateLimit"]);
    }

    [Fact]
    public void ChargeFailure_TokensAreThere_SaysNothing()
    {
        var http = Some.Request("203.0.113.7");

        Assert.Null(CreateSut().ChargeFailure(http));

        Assert.Empty(http.Response.Headers);
    }

    [Fact]
    public void ChargeFailure_GuesserWaitsAsTold_IsAnsweredAgainOnce()
    {
        var sut = CreateSut();
        FailAll(sut, "203.0.113.7");

        _time.Advance(sut.ChargeFailure(Some.Request("203.0.113.7"))!.RetryAfter!.Value);

        Assert.Equal(1, FailAll(sut, "203.0.113.7"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("127.0.0.1")]
    [InlineData("198.51.100.7")]
    [InlineData("2001:db8::1")]
    public void ChargeFailure_OtherNetworkGuessed_IsNotCharged(string? address)
    {
        var sut = CreateSut();
        FailAll(sut, "203.0.113.7");

        Assert.Equal(TokenLimit, FailAll(sut, address));
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::ffff:203.0.113.7")]
    [InlineData("2001:db8::1")]
    public void ChargeFailure_Allowed_AllocatesNothing(string address)
    {
        var sut = CreateSut(new TokenBucketOptions { TokenLimit = 100_000, TokensPerPeriod = 20 });
        var http = Some.Request(address);

        // The least of several rounds: the runtime allocates while it compiles better code, and what a call allocates shows in every round.
        var least = Enumerable.Range(0, 20).Min(_ =>
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var index = 0; index < 1000; index++)
            {
                sut.ChargeFailure(http);
            }

            return GC.GetAllocatedBytesForCurrentThread() - before;
        });

        Assert.Equal(0, least);
    }

    [Fact]
    public void Take_StrangersHaveGuessed_KnownCallersAndStrangersKeepTheirOwnTokens()
    {
        var sut = CreateSut();
        FailAll(sut, "203.0.113.7");

        Assert.Null(sut.Take(Some.Request("203.0.113.7"), Some.Caller()));
        Assert.Null(sut.Take(Some.Request("203.0.113.7"), caller: null));
    }

    private static int FailAll(CallerLimiter sut, string? address)
    {
        var count = 0;
        while (sut.ChargeFailure(Some.Request(address)) is null)
        {
            count++;
        }

        return count;
    }

    private CallerLimiter CreateSut(TokenBucketOptions? failures = null) => LimiterCalls.Create(
        new RateLimitOptions
        {
            FailedAuthentication = failures
                ?? new TokenBucketOptions { TokenLimit = TokenLimit, TokensPerPeriod = 1, ReplenishmentPeriod = TimeSpan.FromSeconds(2) },
        },
        new CallerStates(_time),
        _time);
}
