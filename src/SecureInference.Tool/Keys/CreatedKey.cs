using SecureInference.Pipeline.Authentication.ApiKeys;

namespace SecureInference.Tool.Keys;

/// <summary>What <c>keys create --json</c> prints: the only time that the key is seen.</summary>
internal sealed record CreatedKey(
    string Id, string Key, string Owner, IReadOnlyList<string> Scopes, string? Tier, string Environment, DateTime Created, DateTime? Expires)
{
    public static CreatedKey From(ApiKeyRow row, string key) =>
        new(row.Id, key, row.Owner, row.Scopes, row.Tier, row.Environment, row.Created.UtcDateTime, row.Expires?.UtcDateTime);
}
