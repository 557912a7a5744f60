namespace SecureInference;

/// <summary>What was proven of a model's files when they were loaded.</summary>
/// <param name="Signer">Who has signed what was loaded, or <see langword="null"/> where nobody was asked for a signature.</param>
/// <param name="IsEncrypted">Whether the file was encrypted where it lies.</param>
internal sealed record ModelProtection(string? Signer, bool IsEncrypted)
{
    /// <summary>Gets the state of a model that nobody vouches for.</summary>
    public static ModelProtection None { get; } = new(Signer: null, IsEncrypted: false);

    /// <summary>Gets whether anything was asked of the files.</summary>
    public bool IsNone => Signer is null && !IsEncrypted;
}
