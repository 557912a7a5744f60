namespace SecureInference.Models.Protection;

/// <summary>Opens model files that are encrypted.</summary>
internal interface IModelDecryption
{
    /// <summary>Gets how many of a file's first bytes say whether it is encrypted.</summary>
    int FirstBytes { get; }

    bool IsEncrypted(ReadOnlySpan<byte> firstBytes);

    /// <param name="model">The name it is served under.</param>
    /// <param name="ciphertext">The file; it can seek, and stays the caller's.</param>
    /// <param name="options">The model's options; the path is the file's.</param>
    /// <param name="withHash">Whether the hash of the clear bytes is wanted, and so is best made meanwhile.</param>
    /// <param name="cancellationToken">Ends the decryption.</param>
    /// <returns>Exactly the clear bytes, pinned; the caller wipes them.</returns>
    /// <exception cref="ModelLoadException">It cannot be opened; the message says why and what to do.</exception>
    ValueTask<ReadFile> DecryptAsync(string model, Stream ciphertext, ModelOptions options, bool withHash, CancellationToken cancellationToken);
}
