namespace SecureInference.Models.Protection.Encryption;

/// <summary>Somebody who is to open a file: wraps the file key for them.</summary>
internal interface IAgeRecipient
{
    ValueTask<AgeStanza> WrapAsync(SecretBytes fileKey, CancellationToken cancellationToken);
}
