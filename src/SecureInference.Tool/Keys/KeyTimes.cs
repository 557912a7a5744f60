using SecureInference.Pipeline.Authentication.ApiKeys;

namespace SecureInference.Tool.Keys;

/// <summary>What a row's times say at an instant, as the server decides: what was revoked stays revoked, and a secret ends at the instant that it names.</summary>
internal static class KeyTimes
{
    public static KeyState StateOf(ApiKeyRow row, DateTimeOffset? revokedBefore, DateTimeOffset now)
    {
        if (RevokedAt(row, revokedBefore) is not null)
        {
            return row.Revoked is null ? KeyState.Ended : KeyState.Revoked;
        }

        if (row.Suspended is not null)
        {
            return KeyState.Suspended;
        }

        return now >= row.Expires ? KeyState.Expired : OverlapEnds(row, revokedBefore, now) is null ? KeyState.Active : KeyState.Rotating;
    }

    /// <summary>Says since when the key is revoked: by its row, or with all the secrets that were made before.</summary>
    public static DateTimeOffset? RevokedAt(ApiKeyRow row, DateTimeOffset? revokedBefore) =>
        row.Revoked ?? (row.Secrets.All(secret => secret.Created <= revokedBefore) ? revokedBefore : null);

    /// <summary>Refuses to change a key that has ended.</summary>
    /// <exception cref="RefusedException">It is revoked, or all its secrets are.</exception>
    public static void RequireNotRevoked(ApiKeyRow row, DateTimeOffset? revokedBefore)
    {
        if (row.Revoked is not null)
        {
            throw new RefusedException($"Key {row.Id} of {row.Owner} is revoked, and stays so. Nothing was changed.");
        }

        if (RevokedAt(row, revokedBefore) is { } at)
        {
            throw new RefusedException(
                $"The secrets of key {row.Id} of {row.Owner} are revoked, with all that were made until {at:yyyy-MM-dd HH:mm} UTC. "
                + "'secure-inference keys rotate' gives it a new one. Nothing was changed.");
        }
    }

    /// <summary>Says until when an older secret works beside the newest, or null where none does.</summary>
    public static DateTimeOffset? OverlapEnds(ApiKeyRow row, DateTimeOffset? revokedBefore, DateTimeOffset now) =>
        row.Secrets.SkipLast(1).Where(secret => Works(secret, revokedBefore, now))
            .Max(static secret => (DateTimeOffset?)(secret.Expires ?? DateTimeOffset.MaxValue));

    public static bool Works(ApiKeySecret secret, DateTimeOffset? revokedBefore, DateTimeOffset now) =>
        !(secret.Created <= revokedBefore) && !(now >= secret.Expires);

    /// <summary>Says when a new secret counts as made: whatever is made after "revoke all" works.</summary>
    public static DateTimeOffset Created(DateTimeOffset now, DateTimeOffset? revokedBefore) =>
        now <= revokedBefore ? revokedBefore.Value.AddSeconds(1) : now;
}
