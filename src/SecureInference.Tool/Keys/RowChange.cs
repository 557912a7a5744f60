using SecureInference.Pipeline.Authentication.ApiKeys;

namespace SecureInference.Tool.Keys;

/// <summary>A row before and after a command, the same where nothing was to be changed.</summary>
internal sealed record RowChange(ApiKeyRow Before, ApiKeyRow After, DateTimeOffset? RevokedBefore)
{
    public bool IsNone => ReferenceEquals(Before, After);
}
