namespace SecureInference.Pipeline.Authentication.ApiKeys;

/// <summary>All the keys of a store at one time.</summary>
/// <param name="Keys">The keys; no two have the same id.</param>
public sealed record ApiKeySnapshot(IReadOnlyList<ApiKeyRow> Keys)
{
    /// <summary>Gets the instant up to which all secrets that were made are revoked, or <see langword="null"/>.</summary>
    public DateTimeOffset? RevokedBefore { get; init; }

    /// <summary>Gets whether somebody has vouched for every row, so that one without a pepper in its verifier is accepted too.</summary>
    internal bool IsSealed { get; init; }
}
