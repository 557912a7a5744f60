using Microsoft.AspNetCore.Http;

namespace SecureInference.Pipeline.RateLimiting;

/// <summary>May they use it now? Asked before the body is read.</summary>
internal sealed class RateLimitingMiddleware
{
    private readonly RequestDelegate _next;
    private readonly CallerLimiter _limiter;

    public RateLimitingMiddleware(RequestDelegate next, CallerLimiter limiter)
    {
        _next = next;
        _limiter = limiter;
    }

    public Task InvokeAsync(HttpContext http)
    {
        var endpoint = http.GetEndpoint();
        var context = InferenceContext.Get(http);
        var demands = endpoint?.Metadata.GetMetadata<InferenceEndpointMetadata>();
        if (demands?.Operation == InferenceOperation.Health)
        {
            return ContinueAsync(http, context, error: null);
        }

        var taking = _limiter.TakeAsync(http, context, demands);
        return taking.IsCompletedSuccessfully ? ContinueAsync(http, context, taking.Result) : AwaitAsync(http, context, taking);
    }

    private async Task AwaitAsync(HttpContext http, InferenceContext context, ValueTask<InferenceError?> taking) =>
        await ContinueAsync(http, context, await taking);

    private Task ContinueAsync(HttpContext http, InferenceContext context, InferenceError? error)
    {
        if (error is not null)
        {
            return ErrorResponse.WriteAsync(http, error);
        }

        context.Mark(InferenceStage.RateLimiting, http.GetEndpoint());
        return _next(http);
    }
}
