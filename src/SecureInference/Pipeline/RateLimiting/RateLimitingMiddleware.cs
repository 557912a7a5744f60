using Microsoft.AspNetCore.Http;

namespace SecureInference.Pipeline.RateLimiting;

/// <summary>May they use it now? Asked before the body is read.</summary>
internal sealed class RateLimitingMiddleware
{
    private readonly RequestDelegate _next;
    private readonly CallerLimiter _limiter;
    private readonly RateLimitingTelemetry _telemetry;

    public RateLimitingMiddleware(RequestDelegate next, CallerLimiter limiter, RateLimitingTelemetry telemetry)
    {
        _next = next;
        _limiter = limiter;
        _telemetry = telemetry;
    }

    public Task InvokeAsync(HttpContext http)
    {
        var endpoint = http.GetEndpoint();
        var context = InferenceContext.Get(http);
        var isHealth = endpoint?.Metadata.GetMetadata<InferenceEndpointMetadata>()?.Operation == InferenceOperation.Health;
        if (!isHealth && _limiter.Take(http, context.Caller) is { } error)
        {
            _telemetry.Refused(context.Caller is not null);
            return ErrorResponse.WriteAsync(http, error);
        }

        context.Mark(InferenceStage.RateLimiting, endpoint);
        return _next(http);
    }
}
