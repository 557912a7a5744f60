using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;

namespace SecureInference.Pipeline.Authentication;

/// <summary>Offers what the guards recognise as a scheme of the platform: an app's own endpoints ask for it by <c>[Authorize]</c>.</summary>
internal sealed class CallerAuthenticationHandler(CredentialReader credentials, ICallerLimits limits, IForwardedClients clients, AuthenticationTelemetry telemetry)
    : IAuthenticationHandler
{
    private HttpContext? _http;
    private string _scheme = SecureInferenceDefaults.AuthenticationScheme;
    private Task<AuthenticateResult>? _result;
    private InferenceError? _error;

    public Task InitializeAsync(AuthenticationScheme scheme, HttpContext context)
    {
        _scheme = scheme.Name;
        _http = context;
        return Task.CompletedTask;
    }

    public Task<AuthenticateResult> AuthenticateAsync()
    {
        if (InferenceContext.Find(Http)?.Caller is { } known)
        {
            return Task.FromResult(Succeed(known));
        }

        // Before its guards, a guarded endpoint has no caller: they will find it, and record what they find. Asked again after them, it has one.
        if (Http.GetEndpoint()?.Metadata.GetMetadata<InferenceEndpointMetadata>() is not null)
        {
            return Task.FromResult(AuthenticateResult.NoResult());
        }

        // Once for each request, however often it is asked: a wrong credential is charged once.
        return _result ??= ReadAsync(Http);
    }

    public async Task ChallengeAsync(AuthenticationProperties? properties)
    {
        await AuthenticateAsync();
        await ErrorResponse.WriteAsync(Http, _error ?? InferenceErrors.CredentialMissing);
    }

    public Task ForbidAsync(AuthenticationProperties? properties) => ErrorResponse.WriteAsync(Http, InferenceErrors.Forbidden);

    private HttpContext Http => _http ?? throw new InvalidOperationException("The handler was asked before it was initialized.");

    private async Task<AuthenticateResult> ReadAsync(HttpContext http)
    {
        // A key that is bound to networks, and a bucket of guesses, must see the client's address; no guard has looked for it here.
        var sender = http.Connection.RemoteIpAddress;
        http.Connection.RemoteIpAddress = clients.AddressOf(http);
        try
        {
            return await FindAsync(http);
        }
        finally
        {
            http.Connection.RemoteIpAddress = sender;
        }
    }

    private async Task<AuthenticateResult> FindAsync(HttpContext http)
    {
        var found = await credentials.ReadAsync(http);
        if (found.Caller is { } caller)
        {
            return Succeed(caller);
        }

        _error = found.Error ?? InferenceErrors.CredentialMissing;
        if (_error.Code == InferenceErrorCode.CredentialMissing)
        {
            return AuthenticateResult.NoResult();
        }

        telemetry.Refused(_error);
        _error = _error.IsGuess ? limits.ChargeFailure(http) ?? _error : _error;
        return AuthenticateResult.Fail(_error.Detail);
    }

    private AuthenticateResult Succeed(Caller caller) => AuthenticateResult.Success(new AuthenticationTicket(caller.CreatePrincipal(), _scheme));
}
