using Microsoft.Extensions.Options;
using SecureInference.Pipeline.Authentication.Revocations;

namespace SecureInference.Pipeline.Authentication.Jwt;

/// <summary>Says whether a token is valid at this moment: what its signature cannot tell.</summary>
internal sealed class TokenStanding(RevocationStore revocations, IOptions<JwtOptions> options, TimeProvider time)
{
    private readonly TimeSpan _skew = options.Value.ClockSkew;

    /// <returns>Why it is not, or <see langword="null"/>.</returns>
    public InferenceError? Find(TokenIssuer issuer, TokenClaims claims)
    {
        if (claims.Lifetime.WhyNot(time.GetUtcNow(), _skew) is { } reason)
        {
            return InferenceErrors.TokenRejected(reason);
        }

        if (!revocations.TryGet(out var list))
        {
            return InferenceErrors.CredentialsUnavailable;
        }

        return list.IsTokenRevoked(issuer.CanonicalName, claims.Subject, claims.Id, claims.IssuedAt)
            ? InferenceErrors.TokenRejected(TokenReason.Revoked)
            : null;
    }
}
