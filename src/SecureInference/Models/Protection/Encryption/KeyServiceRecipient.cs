namespace SecureInference.Models.Protection.Encryption;

/// <summary>A key that a key service holds.</summary>
internal sealed class KeyServiceRecipient(IKeyWrapper service, string keyId) : IAgeRecipient
{
    public async ValueTask<AgeStanza> WrapAsync(SecretBytes fileKey, CancellationToken cancellationToken) =>
        WrappedKeyStanza.Write(await service.WrapAsync(keyId, fileKey.Span.ToArray(), cancellationToken));
}
