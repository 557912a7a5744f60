using System.Collections.Frozen;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;

namespace SecureInference.Pipeline.Authentication.Jwt;

/// <summary>The issuers whose tokens are accepted. A token of anybody else causes no fetch.</summary>
internal sealed class TokenIssuers : IStartCheck, IReadinessCheck, IOtherCredentials, IDisposable
{
    private readonly TokenIssuer[] _all;
    private readonly FrozenDictionary<string, TokenIssuer> _byName;

    public TokenIssuers(IOptions<JwtOptions> options, IOptionsMonitor<JwtBearerOptions> handlers, JwtTelemetry telemetry, AuthenticationTelemetry authentication, TimeProvider time)
    {
        _all = [.. options.Value.Issuers.Select(issuer =>
            new TokenIssuer(issuer, handlers.Get(JwtHandlerDefaults.NameOf(issuer)), options.Value, telemetry, time))];
        _byName = _all.SelectMany(static issuer => issuer.Names, static (issuer, name) => (issuer, name))
            .ToFrozenDictionary(static pair => pair.name, static pair => pair.issuer, StringComparer.Ordinal);
        foreach (var issuer in _all)
        {
            authentication.Follow($"keys of {issuer.Name}", () => issuer.KeysAge.TotalSeconds);
        }
    }

    public bool IsConfigured => _all.Length != 0;

    public string HowToSend => "a JWT as a bearer token";

    public TokenIssuer? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>Fetches all keys, or gives up waiting for them: an issuer that is down must not stop the start.</summary>
    public Task CheckAsync(CancellationToken cancellationToken) => Task.WhenAll(_all.Select(static issuer => issuer.StartAsync()));

    public InferenceError? Find() =>
        IsConfigured && Array.TrueForAll(_all, static issuer => issuer.CurrentKeys is null) ? InferenceErrors.CredentialsUnavailable : null;

    // Not by name: whom the app trusts is nobody's business.
    public string? FindDegradation() =>
        Array.Exists(_all, static issuer => issuer.IsUncertain) ? "The keys of an issuer of tokens cannot be fetched; those that are known are in force." : null;

    public void Dispose()
    {
        foreach (var issuer in _all)
        {
            issuer.Dispose();
        }
    }
}
