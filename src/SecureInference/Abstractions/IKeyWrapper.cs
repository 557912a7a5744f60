namespace SecureInference;

/// <summary>The other side of <see cref="IKeyUnwrapper"/>: wraps the keys of files that are being encrypted.</summary>
public interface IKeyWrapper
{
    /// <summary>Gets the name that files name the service by: up to 64 visible ASCII characters without a space.</summary>
    string Provider { get; }

    /// <summary>Wraps the key of a file.</summary>
    /// <param name="keyId">The name that the service knows its key by.</param>
    /// <param name="fileKey">The 16 bytes of the file's key.</param>
    /// <param name="cancellationToken">Ends the question.</param>
    /// <returns>The wrapped key.</returns>
    /// <exception cref="ModelLoadException">The service refuses, or cannot be asked; the message says why and what to do.</exception>
    ValueTask<WrappedKey> WrapAsync(string keyId, ReadOnlyMemory<byte> fileKey, CancellationToken cancellationToken);
}
