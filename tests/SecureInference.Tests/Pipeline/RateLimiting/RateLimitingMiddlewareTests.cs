using Microsoft.Extensions.Time.Testing;
using SecureInference.Pipeline.RateLimiting;
using SecureInference.Tests.Abstractions;

namespace SecureInference.Tests.Pipeline.RateLimiting;

public sealed class RateLimitingMiddlewareTests
{
    private readonly FakeTimeProvider _time = new();
    private int _passed;

    [Fact]
    public async Task Invoke_EmptyBucket_Returns429WithRetryAfterAndRunsNothing()
    {
        var sut = CreateSut();
        await sut.InvokeAsync(Some.Request());
        var http = Some.Request();

        await sut.InvokeAsync(http);

        Assert.Equal(429, http.Response.StatusCode);
        Assert.Equal("60", http.Response.Headers.RetryAfter);
        Assert.Equal("\"default\";r=0;t=60", http.Response.Headers["RateLimit"]);
        Assert.Equal("\"default\";q=1;w=60", http.Response.Headers["RateLimit-Policy"]);
        Assert.Equal(1, _passed);
    }

    [Fact]
    public async Task Invoke_Health_IsNotLimited()
    {
        var sut = CreateSut();
        for (var index = 0; index < 5; index++)
        {
            await sut.InvokeAsync(Some.Request(demands: new InferenceEndpointMetadata(InferenceOperation.Health, Model: null, ModelParameter: null)));
        }

        Assert.Equal(5, _passed);
    }

    private RateLimitingMiddleware CreateSut() => new(
        _ =>
        {
            _passed++;
            return Task.CompletedTask;
        },
        LimiterCalls.Create(
            new RateLimitOptions { Default = new CallerLimitOptions { TokenLimit = 1, TokensPerPeriod = 1, ReplenishmentPeriod = TimeSpan.FromMinutes(1) } },
            new CallerStates(_time),
            _time));
}
