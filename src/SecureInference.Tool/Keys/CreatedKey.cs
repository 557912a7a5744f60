using SecureInference.Pipeline.Authentication.ApiKeys;

namespace SecureInference.Tool.Keys;

/// <summary>What <c>keys create --json</c> and <c>keys rotate --json</c> print: the only time that the key is seen.</summary>
internal sealed record CreatedKey(
    string Id, string Key, string Owner, IReadOnlyList<string> Scopes, string? Tier, string Environment, DateTime Created, DateTime? Expires)
{
    public IReadOnlyList<string> Networks { get; init; } = [];

    public int? Priority { get; init; }

    /// <summary>Gets until when the secret before this one works; null for a key that was not rotated.</summary>
    public DateTime? OverlapEnds { get; init; }

    public static CreatedKey From(ApiKeyRow row, string key, DateTimeOffset? overlapEnds = null) =>
        new(row.Id, key, row.Owner, row.Scopes, row.Tier, row.Environment, row.Created.UtcDateTime, row.Expires?.UtcDateTime)
        {
            Networks = row.Networks ?? [],
            Priority = row.Priority,
            OverlapEnds = overlapEnds?.UtcDateTime,
        };
}
