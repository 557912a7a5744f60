namespace SecureInference.Models.Protection.Encryption;

/// <summary>Something that may open age files: it looks whether one was made for it.</summary>
internal interface IAgeIdentity
{
    /// <summary>Looks for a stanza that this identity opens.</summary>
    /// <returns>The file key, or <see langword="null"/> where none is.</returns>
    /// <exception cref="AgeException">A stanza of this identity's type is malformed.</exception>
    ValueTask<SecretBytes?> FindFileKeyAsync(IReadOnlyList<AgeStanza> stanzas, CancellationToken cancellationToken);
}
