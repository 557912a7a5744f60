using System.Collections.Frozen;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace SecureInference.Pipeline.Authentication.Jwt;

/// <summary>One issuer: what it is called, its keys, and what its tokens must be.</summary>
internal sealed class TokenIssuer : IDisposable
{
    private readonly JwtIssuerOptions _options;
    private readonly JwtBearerOptions _handler;
    private readonly HttpDocumentRetriever? _documents;
    private readonly JsonWebTokenHandler _tokens;
    private readonly FrozenSet<string> _algorithms;
    private readonly TimeSpan _skew;
    private readonly TimeProvider _time;
    private readonly KeyDiscovery _keys;

    public TokenIssuer(JwtIssuerOptions options, JwtBearerOptions handler, JwtOptions all, JwtTelemetry telemetry, TimeProvider time)
    {
        _options = options;
        _handler = handler;
        _skew = all.ClockSkew;
        _time = time;
        CanonicalName = IssuerName.Canonical(options.Name);
        Names = options.Issuer is { Length: > 0 } ? [options.Issuer] : [CanonicalName, CanonicalName + "/"];
        _algorithms = (options.Algorithms.Count == 0 ? TokenAlgorithms.All : (IEnumerable<string>)options.Algorithms).ToFrozenSet(StringComparer.Ordinal);

        // There is no back channel where the app has fixed the keys, or fetches them by a manager of its own.
        _documents = handler.Backchannel is null ? null : new HttpDocumentRetriever(handler.Backchannel) { RequireHttps = handler.RequireHttpsMetadata };
        _tokens = handler.TokenHandlers.OfType<JsonWebTokenHandler>().First();
        _keys = new KeyDiscovery(options.Name, FetchAsync, handler.RefreshInterval, handler.AutomaticRefreshInterval, all.MaxStaleness, telemetry, time);
    }

    /// <summary>Gets what its callers' names begin with.</summary>
    public string Name => _options.Name;

    public string CanonicalName { get; }

    /// <summary>Gets what may stand in <c>iss</c>.</summary>
    public IReadOnlyList<string> Names { get; }

    public string? Tier => _options.Tier;

    public bool RequiresBinding => _options.RequireCertificateBinding;

    public IssuerKeys? CurrentKeys => _keys.Current;

    /// <summary>Gets whether what is known of its keys may be out of date.</summary>
    public bool IsUncertain => _keys.IsUncertain;

    public TimeSpan KeysAge => _keys.Age;

    public Task StartAsync() => _keys.StartAsync();

    public bool Accepts(string algorithm) => _algorithms.Contains(algorithm);

    /// <summary>Finds the keys that hold one with this id, fetching them where it is not known.</summary>
    public async ValueTask<IssuerKeys?> FindKeysAsync(string? keyId)
    {
        // The first fetch may be one that began before the key was published.
        for (var mayFetch = 2; ; mayFetch--)
        {
            if (_keys.Current is { } keys && keys.Find(keyId) is not null)
            {
                return keys;
            }

            if (mayFetch == 0 || !await _keys.TryRefreshAsync())
            {
                return null;
            }
        }
    }

    /// <summary>Verifies a token by the platform's handler.</summary>
    /// <returns>Why it is refused, or <see langword="null"/>.</returns>
    public async ValueTask<string?> VerifyAsync(string token, string? keyId, IssuerKeys keys)
    {
        var result = await _tokens.ValidateTokenAsync(token, keys.Find(keyId));
        return result.IsValid ? null : result.Exception switch
        {
            SecurityTokenInvalidAudienceException => TokenReason.WrongAudience,
            SecurityTokenInvalidIssuerException => TokenReason.UnknownIssuer,
            SecurityTokenInvalidLifetimeException or SecurityTokenExpiredException or SecurityTokenNotYetValidException => TokenReason.Expired,
            SecurityTokenNoExpirationException => TokenReason.WithoutExpiry,
            SecurityTokenInvalidAlgorithmException => TokenReason.WrongAlgorithm,
            SecurityTokenInvalidSignatureException => TokenReason.WrongSignature,
            _ => TokenReason.Rejected,
        };
    }

    public void Dispose() => _keys.Dispose();

    private async Task<IssuerKeys> FetchAsync(CancellationToken cancellationToken)
    {
        var document = _handler.Configuration ?? await FetchDocumentAsync(cancellationToken);
        if (_options.Issuer is not { Length: > 0 } && document.Issuer is { } issuer && !Names.Contains(issuer))
        {
            throw new InvalidDataException(
                $"'{_options.Authority}' says that the issuer is called '{issuer}'. If that is right, set Issuer to it beside Authority in SecureInference:Jwt:Issuers.");
        }

        return IssuerKeys.Create(document.SigningKeys, Parameters);
    }

    private async Task<OpenIdConnectConfiguration> FetchDocumentAsync(CancellationToken cancellationToken)
    {
        if (_documents is not null)
        {
            return await OpenIdConnectConfigurationRetriever.GetAsync(_handler.MetadataAddress, _documents, cancellationToken);
        }

        var manager = _handler.ConfigurationManager ?? throw new InvalidOperationException($"Nothing says how to fetch the keys of '{_options.Name}'.");
        manager.RequestRefresh();
        return await manager.GetConfigurationAsync(cancellationToken);
    }

    // All of it stands here, and nothing is taken over from options that code may have loosened.
    private TokenValidationParameters Parameters(IReadOnlyList<SecurityKey> keys) => new()
    {
        IssuerSigningKeys = keys,
        RequireSignedTokens = true,
        ValidAlgorithms = _algorithms,
        ValidateIssuer = true,
        ValidIssuers = Names,
        RequireAudience = true,
        ValidateAudience = true,
        ValidAudiences = [.. _options.AllAudiences],
        RequireExpirationTime = true,
        ValidateLifetime = true,
        ClockSkew = _skew,
        LifetimeValidator = IsInTime,
    };

    // The handler's own check knows no clock but the machine's.
    private bool IsInTime(DateTime? notBefore, DateTime? expires, SecurityToken token, TokenValidationParameters parameters) =>
        expires is { } end && new TokenLifetime(notBefore ?? DateTimeOffset.UnixEpoch, end).WhyNot(_time.GetUtcNow(), _skew) is null;
}
