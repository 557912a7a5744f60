using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace SecureInference.Pipeline.Authentication.ApiKeys;

/// <summary>Recognises callers by API keys. Why a key is not accepted is for the record: the caller always sees the same answer.</summary>
internal sealed class ApiKeyReader(ApiKeyStore store, IOptions<ApiKeyOptions> options, TimeProvider time) : ICredentialCheck
{
    private readonly int _rejectedStatus = options.Value.RejectedStatusCode;

    /// <summary>Reads a key from the key header.</summary>
    public Recognition Read(HttpContext http, ReadOnlySpan<char> key) => Find(http, key, out var caller) is { } error
        ? Recognition.Refused(error)
        : Recognition.Of(caller!, this); // Found, where there is no error.

    /// <summary>Reads a key that came as a bearer token: it is refused as a token is (RFC 6750).</summary>
    public Recognition ReadBearer(HttpContext http, ReadOnlySpan<char> key) => Find(http, key, out var caller) is { } error
        ? Recognition.Refused(error.Code == InferenceErrorCode.CredentialRejected ? InferenceErrors.TokenRejected(error.Reason) : error)
        : Recognition.Of(caller!, this); // Found, where there is no error.

    public InferenceError? Recheck(Caller caller)
    {
        if (!store.TryGet(out var keys))
        {
            return InferenceErrors.CredentialsUnavailable;
        }

        return caller.CredentialId is { } id && keys.Recheck(id, time.GetUtcNow()) is { } reason
            ? InferenceErrors.CredentialRejected(_rejectedStatus, reason)
            : null;
    }

    private InferenceError? Find(HttpContext http, ReadOnlySpan<char> key, out Caller? caller)
    {
        caller = null;
        if (!store.TryGet(out var keys))
        {
            return InferenceErrors.CredentialsUnavailable;
        }

        var now = time.GetUtcNow();
        var reason = keys.FindEntry(key, now, out var entry);
        caller = entry?.Caller;
        if (caller is { Networks.Count: > 0 } && !IsIn(caller.Networks, ClientNetwork.AddressOf(http)))
        {
            reason = "key_wrong_network";
        }

        if (reason is not null)
        {
            return InferenceErrors.CredentialRejected(_rejectedStatus, reason);
        }

        entry?.LastUse?.Note(now);
        return null;
    }

    private static bool IsIn(IReadOnlyList<IPNetwork> networks, IPAddress address)
    {
        // By index: an enumerator of an interface would be allocated for each request.
        for (var index = 0; index < networks.Count; index++)
        {
            if (networks[index].Contains(address))
            {
                return true;
            }
        }

        return false;
    }
}
