namespace SecureInference.Tests.Models.Protection.Encryption;

/// <summary>A key service in memory: wrapping is turning the bytes round.</summary>
internal sealed class FakeKeyService(string provider = "vault") : IKeyUnwrapper, IKeyWrapper
{
    public string Provider => provider;

    public int Asked { get; private set; }

    /// <summary>Gets or sets what the service answers in place of the key.</summary>
    public Func<CancellationToken, Task<byte[]>>? Answer { get; set; }

    public ValueTask<WrappedKey> WrapAsync(string keyId, ReadOnlyMemory<byte> fileKey, CancellationToken cancellationToken) =>
        new(new WrappedKey(provider, keyId, "reverse", fileKey.ToArray().Reverse().ToArray()));

    public async ValueTask<byte[]> UnwrapAsync(WrappedKey key, CancellationToken cancellationToken)
    {
        Asked++;
        return Answer is null ? [.. key.Ciphertext.ToArray().Reverse()] : await Answer(cancellationToken);
    }
}
