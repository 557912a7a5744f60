using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using SecureInference.Pipeline.Authentication.ApiKeys;

namespace SecureInference.Pipeline.Authentication;

/// <summary>Finds the caller behind all the credentials of a request: each must be good, and all must name the same caller.</summary>
internal sealed class CredentialReader
{
    private const string Bearer = "Bearer";
    private readonly ApiKeyReader _keys;
    private readonly IBearerTokens? _tokens;
    private readonly IClientCertificates? _certificates;
    private readonly Recognition _missing;
    private readonly string _header;

    public CredentialReader(
        ApiKeyReader keys, IOptions<ApiKeyOptions> options, IBearerTokens? tokens = null, IClientCertificates? certificates = null, IEnumerable<IOtherCredentials>? others = null)
    {
        _keys = keys;
        _tokens = tokens;
        _certificates = certificates;
        _header = options.Value.Header;
        _missing = Recognition.Refused(InferenceErrors.CredentialMissingFrom(
            _header, (others ?? []).Where(static other => other.IsConfigured).Select(static other => other.HowToSend)));
    }

    /// <summary>Reads the key header, the Authorization header and the certificate; it completes at once unless a token is new.</summary>
    public ValueTask<Recognition> ReadAsync(HttpContext http)
    {
        var headers = http.Request.Headers;
        var found = default(Recognition);
        foreach (var key in headers[_header])
        {
            found = found.And(_keys.Read(http, key));
        }

        var authorization = headers.Authorization;
        if (authorization.Count > 1)
        {
            found = found.And(Recognition.Refused(InferenceErrors.AuthorizationMalformed));
        }
        else if (authorization.Count == 1 && found.Error is null)
        {
            var token = TokenOf(authorization[0].AsMemory());
            if (token.IsEmpty)
            {
                found = found.And(Malformed(authorization[0]));
            }
            else if (_tokens is null || ApiKey.LooksLikeOne(token.Span))
            {
                found = found.And(_keys.ReadBearer(http, token.Span));
            }
            else
            {
                return ReadTokenAsync(http, found, token);
            }
        }

        return ValueTask.FromResult(Finish(http, found));
    }

    private ValueTask<Recognition> ReadTokenAsync(HttpContext http, Recognition found, ReadOnlyMemory<char> token)
    {
        var reading = _tokens!.ReadAsync(http, token); // Asked for only where there are some.
        return reading.IsCompletedSuccessfully
            ? ValueTask.FromResult(Finish(http, found.And(reading.Result)))
            : AwaitAsync(this, http, found, reading);

        static async ValueTask<Recognition> AwaitAsync(CredentialReader reader, HttpContext http, Recognition found, ValueTask<Recognition> reading) =>
            reader.Finish(http, found.And(await reading));
    }

    private Recognition Finish(HttpContext http, Recognition found)
    {
        if (_certificates is not null && found.Error is null)
        {
            found = found.And(_certificates.Read(http));
        }

        return found.Error is null && found.Caller is null ? _missing : found;
    }

    private static ReadOnlyMemory<char> TokenOf(ReadOnlyMemory<char> value)
    {
        var space = value.Span.IndexOf(' ');
        var token = space >= 0 && IsBearer(value.Span[..space]) ? value[(space + 1)..].Trim(' ') : default;
        return token.Span.Contains(' ') ? default : token;
    }

    // Basic and its like: a credential that nobody here understands is none.
    private static Recognition Malformed(ReadOnlySpan<char> value)
    {
        var space = value.IndexOf(' ');
        return IsBearer(space < 0 ? value : value[..space]) ? Recognition.Refused(InferenceErrors.AuthorizationMalformed) : default;
    }

    private static bool IsBearer(ReadOnlySpan<char> scheme) => scheme.Equals(Bearer, StringComparison.OrdinalIgnoreCase);
}
