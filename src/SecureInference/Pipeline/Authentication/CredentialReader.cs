using Microsoft.AspNetCore.Http;
using SecureInference.Pipeline.Authentication.ApiKeys;

namespace SecureInference.Pipeline.Authentication;

/// <summary>Finds the caller behind a request's credentials.</summary>
internal sealed class CredentialReader : ICredentialCheck
{
    private const string Bearer = "Bearer";
    private readonly ApiKeyStore _store;
    private readonly TimeProvider _time;
    private readonly InferenceError _missing;
    private readonly string _header;
    private readonly int _rejectedStatus;

    public CredentialReader(ApiKeyStore store, TimeProvider time, ApiKeyOptions options)
    {
        _store = store;
        _time = time;
        _header = options.Header;
        _missing = InferenceErrors.CredentialMissingFrom(options.Header);
        _rejectedStatus = options.RejectedStatusCode;
    }

    /// <summary>Reads the key header and the Authorization header; where both are sent, both must be good and name the same caller.</summary>
    public InferenceError? Read(IHeaderDictionary headers, out Caller? caller)
    {
        caller = null;
        var keys = headers[_header];
        var authorization = headers.Authorization;
        if (authorization.Count > 1)
        {
            return InferenceErrors.AuthorizationMalformed;
        }

        foreach (var key in keys)
        {
            if (ReadKey(key, ref caller) is { } error)
            {
                return error;
            }
        }

        var refusal = authorization.Count == 1 ? ReadAuthorization(authorization[0], ref caller) : null;
        return refusal ?? (caller is null ? _missing : null);
    }

    public InferenceError? Recheck(Caller caller) => caller.CredentialId is not { } id || _store.Current.Recheck(id, _time.GetUtcNow()) is not { } reason
        ? null
        : InferenceErrors.CredentialRejected(_rejectedStatus, reason);

    private InferenceError? ReadKey(ReadOnlySpan<char> key, ref Caller? caller)
    {
        if (_store.Current.Find(key, _time.GetUtcNow(), out var found) is { } reason)
        {
            return InferenceErrors.CredentialRejected(_rejectedStatus, reason);
        }

        return Agree(found, ref caller);
    }

    private InferenceError? ReadAuthorization(ReadOnlySpan<char> value, ref Caller? caller)
    {
        var space = value.IndexOf(' ');
        var scheme = space < 0 ? value : value[..space];
        if (!scheme.Equals(Bearer, StringComparison.OrdinalIgnoreCase))
        {
            // Basic and its like: a credential that nobody here understands is none.
            return caller is null ? _missing : null;
        }

        var token = space < 0 ? default : value[(space + 1)..].Trim(' ');
        if (token.IsEmpty || token.Contains(' '))
        {
            return InferenceErrors.AuthorizationMalformed;
        }

        if (!ApiKey.LooksLikeOne(token) || _store.Current.Find(token, _time.GetUtcNow(), out var found) is not null)
        {
            return InferenceErrors.TokenInvalid;
        }

        return Agree(found, ref caller);
    }

    private static InferenceError? Agree(Caller? found, ref Caller? caller)
    {
        // By what they name, not by object: the store may be read again between the two.
        if (caller is not null && caller.CredentialId != found?.CredentialId)
        {
            return InferenceErrors.CredentialsDiffer;
        }

        caller = found;
        return null;
    }
}
