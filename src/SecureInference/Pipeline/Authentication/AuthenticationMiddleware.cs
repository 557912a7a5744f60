using Microsoft.AspNetCore.Http;

namespace SecureInference.Pipeline.Authentication;

/// <summary>Who is this? Whoever is not known goes no further.</summary>
internal sealed class AuthenticationMiddleware
{
    private readonly RequestDelegate _next;
    private readonly CredentialReader _credentials;
    private readonly ICallerLimits _limits;
    private readonly AuthenticationTelemetry _telemetry;

    public AuthenticationMiddleware(RequestDelegate next, CredentialReader credentials, ICallerLimits limits, AuthenticationTelemetry telemetry)
    {
        _next = next;
        _credentials = credentials;
        _limits = limits;
        _telemetry = telemetry;
    }

    public Task InvokeAsync(HttpContext http)
    {
        var endpoint = http.GetEndpoint();
        var context = InferenceContext.Get(http);
        if (endpoint?.Metadata.GetMetadata<InferenceEndpointMetadata>()?.Operation == InferenceOperation.Health || context.Caller is not null)
        {
            context.Mark(InferenceStage.Authentication, endpoint);
            return _next(http);
        }

        var reading = _credentials.ReadAsync(http);
        return reading.IsCompletedSuccessfully ? ContinueAsync(http, context, reading.Result) : AwaitAsync(http, context, reading);
    }

    private async Task AwaitAsync(HttpContext http, InferenceContext context, ValueTask<Recognition> reading) =>
        await ContinueAsync(http, context, await reading);

    private Task ContinueAsync(HttpContext http, InferenceContext context, in Recognition found)
    {
        if ((found.Error ?? Accept(http, context, found)) is { } error)
        {
            _telemetry.Refused(error);

            // After the verdict, never before: a good credential passes, whoever guesses from the same network.
            return ErrorResponse.WriteAsync(http, error.IsGuess ? _limits.ChargeFailure(http) ?? error : error);
        }

        context.Mark(InferenceStage.Authentication, http.GetEndpoint());
        return _next(http);
    }

    private static InferenceError? Accept(HttpContext http, InferenceContext context, in Recognition found)
    {
        if (found.Caller is not { } caller)
        {
            return InferenceErrors.CredentialMissing;
        }

        context.Recognize(caller, found.Check);
        var refusal = context.Identify(caller);
        context.SetUser(http);
        return refusal;
    }
}
