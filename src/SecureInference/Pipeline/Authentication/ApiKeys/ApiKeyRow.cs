namespace SecureInference.Pipeline.Authentication.ApiKeys;

/// <summary>What a store knows of a key: everything but the key.</summary>
public sealed record ApiKeyRow
{
    /// <summary>Gets the public identifier: 12 letters and digits.</summary>
    public required string Id { get; init; }

    /// <summary>Gets <c>live</c> or <c>test</c>; servers in Production refuse test keys.</summary>
    public required string Environment { get; init; }

    /// <summary>Gets whose it is: the caller's name in limits and in the audit log.</summary>
    public required string Owner { get; init; }

    /// <summary>Gets what it may do.</summary>
    public required IReadOnlyList<string> Scopes { get; init; }

    /// <summary>Gets the tier whose limits apply, or <see langword="null"/> for the default ones.</summary>
    public string? Tier { get; init; }

    /// <summary>Gets the highest priority that its requests may ask for, 1 being the highest of all, or <see langword="null"/> for none.</summary>
    public int? Priority { get; init; }

    /// <summary>Gets the networks it works from, in CIDR notation; none means from anywhere.</summary>
    public IReadOnlyList<string>? Networks { get; init; }

    /// <summary>Gets when it was made.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>Gets since when it is suspended, or <see langword="null"/>.</summary>
    public DateTimeOffset? Suspended { get; init; }

    /// <summary>Gets when it was revoked for good, or <see langword="null"/>.</summary>
    public DateTimeOffset? Revoked { get; init; }

    /// <summary>Gets its secrets, the newest last.</summary>
    public required IReadOnlyList<ApiKeySecret> Secrets { get; init; }

    /// <summary>Gets when its newest secret stops to work.</summary>
    internal DateTimeOffset? Expires => Secrets.Count == 0 ? Created : Secrets[^1].Expires;
}
