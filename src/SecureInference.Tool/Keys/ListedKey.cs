using System.Text.Json.Serialization;
using SecureInference.Pipeline.Authentication.ApiKeys;

namespace SecureInference.Tool.Keys;

/// <summary>What <c>keys list</c> and <c>keys show</c> print of a row: all but the verifiers.</summary>
internal sealed record ListedKey(
    string Id,
    string Owner,
    IReadOnlyList<string> Scopes,
    string? Tier,
    string Environment,
    DateTime Created,
    DateTime? Expires,
    DateTime? Revoked,
    KeyState State)
{
    public IReadOnlyList<string> Networks { get; init; } = [];

    public int? Priority { get; init; }

    public DateTime? Suspended { get; init; }

    /// <summary>Gets until when the secret before the newest works, while a rotation overlaps.</summary>
    public DateTime? OverlapEnds { get; init; }

    /// <summary>Gets the hour of its last accepted use, as far as the files that were named know.</summary>
    public DateTime? LastUse { get; init; }

    /// <summary>Gets its secrets; only <c>keys show</c> has them.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ShownSecret>? Secrets { get; init; }

    public static ListedKey From(ApiKeyRow row, DateTimeOffset? revokedBefore, DateTimeOffset now, DateTimeOffset? lastUse = null) => new(
        row.Id,
        row.Owner,
        row.Scopes,
        row.Tier,
        row.Environment,
        row.Created.UtcDateTime,
        row.Expires?.UtcDateTime,
        KeyTimes.RevokedAt(row, revokedBefore)?.UtcDateTime,
        KeyTimes.StateOf(row, revokedBefore, now))
    {
        Networks = row.Networks ?? [],
        Priority = row.Priority,
        Suspended = row.Suspended?.UtcDateTime,
        OverlapEnds = KeyTimes.OverlapEnds(row, revokedBefore, now)?.UtcDateTime,
        LastUse = lastUse?.UtcDateTime,
    };
}
