using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features.Authentication;
using Microsoft.Extensions.Options;
using SecureInference.Pipeline.Authentication.ApiKeys;

namespace SecureInference.Pipeline.Authentication;

/// <summary>Who is this? Whoever is not known goes no further.</summary>
internal sealed class AuthenticationMiddleware
{
    private readonly RequestDelegate _next;
    private readonly CredentialReader _credentials;
    private readonly AuthenticationTelemetry _telemetry;

    public AuthenticationMiddleware(
        RequestDelegate next, ApiKeyStore store, IOptions<ApiKeyOptions> options, AuthenticationTelemetry telemetry, TimeProvider time)
    {
        _next = next;
        _credentials = new CredentialReader(store, time, options.Value);
        _telemetry = telemetry;
    }

    public Task InvokeAsync(HttpContext http)
    {
        var endpoint = http.GetEndpoint();
        var context = InferenceContext.Get(http);
        var isHealth = endpoint?.Metadata.GetMetadata<InferenceEndpointMetadata>()?.Operation == InferenceOperation.Health;
        if (!isHealth && context.Caller is null && Identify(http, context) is { } error)
        {
            _telemetry.Refused(error);
            return ErrorResponse.WriteAsync(http, error);
        }

        context.Mark(InferenceStage.Authentication, endpoint);
        return _next(http);
    }

    private InferenceError? Identify(HttpContext http, InferenceContext context)
    {
        var error = _credentials.Read(http.Request.Headers, out var caller);
        if (error is not null || caller is null)
        {
            return error ?? InferenceErrors.CredentialMissing;
        }

        http.Features.Set<IHttpAuthenticationFeature>(new CallerAuthenticationFeature(caller));
        context.Credential = _credentials;
        return context.Identify(caller);
    }
}
