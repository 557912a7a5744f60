using SecureInference.Pipeline.Authentication.ApiKeys;

namespace SecureInference.Tool.Keys;

/// <summary>What is shown of a secret: its times, and the version of the pepper that must be kept for its sake.</summary>
internal sealed record ShownSecret(DateTime Created, DateTime? Expires, int? Pepper, bool Works)
{
    public static ShownSecret From(ApiKeyRow row, ApiKeySecret secret, DateTimeOffset? revokedBefore, DateTimeOffset now) => new(
        secret.Created.UtcDateTime,
        secret.Expires?.UtcDateTime,
        secret.Pepper,
        row.Revoked is null && row.Suspended is null && KeyTimes.Works(secret, revokedBefore, now));
}
