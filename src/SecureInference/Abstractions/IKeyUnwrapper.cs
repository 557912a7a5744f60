namespace SecureInference;

/// <summary>A key service that holds the key which models are encrypted for, such as a cloud's KMS, a vault or a hardware module.</summary>
public interface IKeyUnwrapper
{
    /// <summary>Gets the name that files name the service by: up to 64 visible ASCII characters without a space.</summary>
    string Provider { get; }

    /// <summary>Unwraps the key of a file.</summary>
    /// <param name="key">The wrapped key. All of it comes from the file: check that the key it names is one that may be asked for.</param>
    /// <param name="cancellationToken">Ends the question.</param>
    /// <returns>The 16 bytes of the file's key, in an array that the caller wipes.</returns>
    /// <exception cref="ModelLoadException">The service refuses, or cannot be asked; the message says why and what to do. It is shown to operators, and holds nothing that is secret.</exception>
    ValueTask<byte[]> UnwrapAsync(WrappedKey key, CancellationToken cancellationToken);
}
