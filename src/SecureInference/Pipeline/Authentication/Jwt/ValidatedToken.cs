namespace SecureInference.Pipeline.Authentication.Jwt;

/// <summary>A token whose signature and audience were verified, and its caller; it never changes.</summary>
internal sealed class ValidatedToken(TokenHash hash, Caller caller, TokenClaims claims, TokenIssuer issuer, IssuerKeys keys, TokenStanding standing, long verified)
    : ICredentialCheck
{
    public TokenHash Hash => hash;

    public Caller Caller => caller;

    public TokenClaims Claims => claims;

    public TokenIssuer Issuer => issuer;

    /// <summary>Gets when it was verified, by the clock that never goes back.</summary>
    public long Verified => verified;

    /// <summary>Gets whether the issuer's keys are still those that it was verified with: a key that was retired takes its tokens with it.</summary>
    public bool HasCurrentKeys => ReferenceEquals(keys, issuer.CurrentKeys);

    public InferenceError? Recheck(Caller caller) => standing.Find(issuer, claims);
}
