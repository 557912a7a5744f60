namespace SecureInference;

/// <summary>The key of one encrypted file, as a key service has wrapped it.</summary>
/// <param name="provider">The service's name.</param>
/// <param name="keyId">The name that the service knows its key by.</param>
/// <param name="algorithm">How the file's key was wrapped, in the service's own words.</param>
/// <param name="ciphertext">The wrapped key.</param>
public sealed class WrappedKey(string provider, string keyId, string algorithm, ReadOnlyMemory<byte> ciphertext)
{
    /// <summary>Gets the service's name: <c>aws-kms</c>, for example.</summary>
    public string Provider { get; } = provider;

    /// <summary>Gets the name that the service knows its key by. It comes from the file, which anybody may have written.</summary>
    public string KeyId { get; } = keyId;

    /// <summary>Gets how the file's key was wrapped, in the service's own words.</summary>
    public string Algorithm { get; } = algorithm;

    /// <summary>Gets the wrapped key.</summary>
    public ReadOnlyMemory<byte> Ciphertext { get; } = ciphertext;
}
