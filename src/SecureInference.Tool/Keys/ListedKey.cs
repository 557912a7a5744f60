using SecureInference.Pipeline.Authentication.ApiKeys;

namespace SecureInference.Tool.Keys;

/// <summary>What <c>keys list</c> shows of a row: all but the verifier.</summary>
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
    public static ListedKey From(ApiKeyRow row, DateTimeOffset now) => new(
        row.Id,
        row.Owner,
        row.Scopes,
        row.Tier,
        row.Environment,
        row.Created.UtcDateTime,
        row.Expires?.UtcDateTime,
        row.Revoked?.UtcDateTime,
        StateOf(row, now));

    // As the server decides: what was revoked stays revoked, and a key ends at the instant that it names.
    private static KeyState StateOf(ApiKeyRow row, DateTimeOffset now) =>
        row.Revoked is not null ? KeyState.Revoked : now >= row.Expires ? KeyState.Expired : KeyState.Active;
}
