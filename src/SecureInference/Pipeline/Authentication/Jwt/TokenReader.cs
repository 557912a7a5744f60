using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace SecureInference.Pipeline.Authentication.Jwt;

/// <summary>Recognises callers by tokens: a token that was verified a moment ago at once, any other by its issuer's keys.</summary>
internal sealed class TokenReader : IBearerTokens
{
    private const string Method = "Jwt";
    private readonly TokenIssuers _issuers;
    private readonly TokenStanding _standing;
    private readonly CallerStates _states;
    private readonly TimeProvider _time;
    private readonly IClientCertificates? _certificates;
    private readonly TokenCache _cache;
    private readonly TimeSpan _cacheLifetime;
    private readonly int _maxLength;

    public TokenReader(
        TokenIssuers issuers, TokenStanding standing, CallerStates states, IOptions<JwtOptions> options, TimeProvider time, IClientCertificates? certificates = null)
    {
        _issuers = issuers;
        _standing = standing;
        _states = states;
        _time = time;
        _certificates = certificates;
        _cache = new TokenCache(options.Value.TokenCacheSize);
        _cacheLifetime = options.Value.TokenCacheLifetime;
        _maxLength = options.Value.MaxTokenLength;
    }

    public ValueTask<Recognition> ReadAsync(HttpContext http, ReadOnlyMemory<char> token)
    {
        if (token.Length > _maxLength)
        {
            return ValueTask.FromResult(Refused(TokenReason.TooLong));
        }

        var hash = TokenHash.Of(token.Span);
        return _cache.Find(hash) is { } known && known.HasCurrentKeys && _time.GetElapsedTime(known.Verified) < _cacheLifetime
            ? ValueTask.FromResult(_standing.Find(known.Issuer, known.Claims) is { } error ? Recognition.Refused(error) : Accept(http, known))
            : ReadNewAsync(http, token.ToString(), hash);
    }

    private async ValueTask<Recognition> ReadNewAsync(HttpContext http, string token, TokenHash hash)
    {
        if (!ParsedToken.TryParse(token, out var parsed, out var reason))
        {
            return Refused(reason);
        }

        var (header, claims) = parsed;
        if (_issuers.Find(claims.Issuer) is not { } issuer)
        {
            return Refused(TokenReason.UnknownIssuer);
        }

        // What costs nothing comes before what costs a signature's check, or even a fetch.
        if (!issuer.Accepts(header.Algorithm))
        {
            return Refused(TokenReason.WrongAlgorithm);
        }

        if (_standing.Find(issuer, claims) is { } error)
        {
            return Recognition.Refused(error);
        }

        if (await issuer.FindKeysAsync(header.KeyId) is not { } keys)
        {
            return issuer.CurrentKeys is null || issuer.IsUncertain ? Recognition.Refused(InferenceErrors.CredentialsUnavailable) : Refused(TokenReason.UnknownKey);
        }

        var verified = _time.GetTimestamp();
        if (await issuer.VerifyAsync(token, header.KeyId, keys) is { } wrong)
        {
            return Refused(wrong);
        }

        var known = new ValidatedToken(hash, CallerOf(issuer, claims), claims, issuer, keys, _standing, verified);
        _cache.Add(known);
        return Accept(http, known);
    }

    private Caller CallerOf(TokenIssuer issuer, TokenClaims claims)
    {
        var subject = $"{issuer.Name}|{claims.Subject}";

        // Others (openid, profile) mean something to somebody else.
        var scopes = ScopeSet.TryParse(claims.Scopes.Where(ScopeSet.IsScope), out var set, out var problem) ? set : throw new InvalidOperationException(problem);
        return new Caller(subject, Method, scopes, _states.Get(subject)) { CredentialId = claims.Id, Tier = issuer.Tier };
    }

    // With every request: the same token may come over another connection.
    private Recognition Accept(HttpContext http, ValidatedToken token)
    {
        if (token.Claims.Certificate is not { } bound)
        {
            return token.Issuer.RequiresBinding ? Refused(TokenReason.NotBound) : Recognition.Of(token.Caller, token);
        }

        // Where somebody knows which connections are a proxy's, he alone decides: a proxy's own certificate is nobody's proof.
        if ((_certificates is null ? http.Connection.ClientCertificate : _certificates.Find(http)) is not { } certificate)
        {
            return Refused(TokenReason.WrongCertificate);
        }

        Span<byte> shown = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(certificate.RawDataMemory.Span, shown);
        return CryptographicOperations.FixedTimeEquals(bound, shown)
            ? Recognition.Of(token.Caller, token, isBound: true)
            : Refused(TokenReason.WrongCertificate);
    }

    private static Recognition Refused(string reason) => Recognition.Refused(InferenceErrors.TokenRejected(reason));
}
