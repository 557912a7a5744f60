namespace SecureInference.Models.Protection.Encryption;

/// <summary>An age file whose header was opened and found authentic; its payload was not looked at yet.</summary>
/// <param name="Header">The header.</param>
/// <param name="FileKey">What the recipients hold wrapped.</param>
/// <param name="PayloadKey">What the chunks are sealed with.</param>
/// <param name="Content">The file, at its first chunk.</param>
internal sealed record OpenedAgeFile(AgeHeader Header, SecretBytes FileKey, SecretBytes PayloadKey, Stream Content) : IDisposable
{
    /// <summary>Gets the bytes of all chunks.</summary>
    public long SealedLength { get; } = Content.Length - Content.Position;

    /// <summary>Goes back to the first chunk.</summary>
    public void Rewind() => Content.Position = Content.Length - SealedLength;

    public void Dispose()
    {
        FileKey.Dispose();
        PayloadKey.Dispose();
    }
}
