namespace SecureInference.Pipeline.Authentication.ApiKeys;

/// <summary>What is known of one secret of a key; a key that is being rotated has two.</summary>
public sealed record ApiKeySecret
{
    /// <summary>Gets what the secret is checked by, in base64: a hash that the secret cannot be found from.</summary>
    public required string Verifier { get; init; }

    /// <summary>Gets the version of the pepper that is in the verifier, or <see langword="null"/> where none is.</summary>
    public int? Pepper { get; init; }

    /// <summary>Gets when it was made.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>Gets the instant from which it does not work, or <see langword="null"/> for never.</summary>
    public DateTimeOffset? Expires { get; init; }
}
