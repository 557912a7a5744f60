using System.Net;
using System.Security.Claims;

namespace SecureInference;

/// <summary>A known caller; it never changes.</summary>
public sealed class Caller
{
    /// <summary>Creates a caller.</summary>
    /// <param name="subject">Who it is: callers with the same subject share one limit.</param>
    /// <param name="method">How it was recognised, for example <c>ApiKey</c>.</param>
    /// <param name="scopes">What it may do.</param>
    public Caller(string subject, string method, ScopeSet scopes)
        : this(subject, method, scopes, state: null)
    {
    }

    internal Caller(string subject, string method, ScopeSet scopes, CallerState? state)
    {
        ArgumentException.ThrowIfNullOrEmpty(subject);
        ArgumentException.ThrowIfNullOrEmpty(method);
        ArgumentNullException.ThrowIfNull(scopes);
        Subject = subject;
        Method = method;
        Scopes = scopes;
        State = state;
    }

    /// <summary>Gets who it is.</summary>
    public string Subject { get; }

    /// <summary>Gets how it was recognised.</summary>
    public string Method { get; }

    /// <summary>Gets what it may do.</summary>
    public ScopeSet Scopes { get; }

    /// <summary>Gets the public identifier of the credential, where it has one.</summary>
    public string? CredentialId { get; init; }

    /// <summary>Gets the tier whose limits apply, or <see langword="null"/> for the default ones.</summary>
    public string? Tier { get; init; }

    /// <summary>Gets the highest priority that its requests may ask for, 1 being the highest of all, or <see langword="null"/> where they may ask for none.</summary>
    public int? HighestPriority { get; init; }

    /// <summary>Gets the networks that its credential works from; none means from anywhere.</summary>
    public IReadOnlyList<IPNetwork> Networks { get; init; } = [];

    /// <summary>Gets what the secret that was sent is checked by, where there is such a thing: a credential may have several, which do not end together.</summary>
    internal byte[]? Verifier { get; init; }

    /// <summary>Gets what changes about it, where whoever recognised it has found that already; another state may be in force meanwhile.</summary>
    internal CallerState? State { get; }

    /// <summary>Builds a principal, a new one each time, so that what is done to one never reaches another request.</summary>
    /// <returns>The principal, with the claims <c>sub</c>, <c>scope</c> and, where there is one, <c>key_id</c>.</returns>
    public ClaimsPrincipal CreatePrincipal()
    {
        var claims = new List<Claim> { new("sub", Subject), new("scope", string.Join(' ', Scopes.Scopes)) };
        if (CredentialId is not null)
        {
            claims.Add(new Claim("key_id", CredentialId));
        }

        return new ClaimsPrincipal(new ClaimsIdentity(claims, Method, "sub", roleType: null));
    }
}
