using System.Security.Cryptography;
using System.Text;

namespace SecureInference.Models.Protection.Encryption;

/// <summary>A secret key of one's own that wraps file keys with AES-256-GCM: for who may write a model is who may read it.</summary>
internal sealed class WrappingKey : IAgeIdentity, IAgeRecipient, IDisposable
{
    public const string Provider = "local";
    public const string Prefix = "SECUREINFERENCE-WRAPPING-KEY-";

    private const string Algorithm = "A256GCM";
    private const int NonceSize = 12;
    private const int FingerprintSize = 8;
    private const int BodySize = NonceSize + AgeFormat.SealedFileKeySize;

    private readonly SecretBytes _secret;

    private WrappingKey(SecretBytes secret)
    {
        _secret = secret;
        using var labelled = SecretBytes.CopyOf([.. "secureinference.dev/kms-v1 local"u8, .. secret.Span]);
        KeyId = Convert.ToHexStringLower(SHA256.HashData(labelled.Span)[..FingerprintSize]);
    }

    /// <summary>Gets by what the key is named in a file: it tells keys apart, and nothing of them.</summary>
    public string KeyId { get; }

    private byte[] BoundTo => Encoding.ASCII.GetBytes($"{WrappedKeyStanza.Type} {Provider} {KeyId} {Algorithm}");

    public static WrappingKey Create() => new(SecretBytes.Random(AgeFormat.KeySize));

    public static WrappingKey? TryParse(string text)
    {
        if (!Bech32.TryDecode(text, out var prefix, out var secret) || prefix != Prefix || secret.Length != AgeFormat.KeySize)
        {
            return null;
        }

        var key = new WrappingKey(SecretBytes.CopyOf(secret));
        CryptographicOperations.ZeroMemory(secret);
        return key;
    }

    /// <summary>Writes the secret key, as ASCII.</summary>
    public byte[] Export() => Encoding.ASCII.GetBytes(Bech32.Encode(Prefix, _secret.Span));

    public ValueTask<AgeStanza> WrapAsync(SecretBytes fileKey, CancellationToken cancellationToken)
    {
        var body = new byte[BodySize];
        RandomNumberGenerator.Fill(body.AsSpan(0, NonceSize));
        using var cipher = new AesGcm(_secret.Span, AgeFormat.TagSize);
        cipher.Encrypt(body.AsSpan(0, NonceSize), fileKey.Span, body.AsSpan(NonceSize, AgeFormat.FileKeySize), body.AsSpan(NonceSize + AgeFormat.FileKeySize), BoundTo);
        return new(WrappedKeyStanza.Write(new WrappedKey(Provider, KeyId, Algorithm, body)));
    }

    public ValueTask<SecretBytes?> FindFileKeyAsync(IReadOnlyList<AgeStanza> stanzas, CancellationToken cancellationToken)
    {
        foreach (var stanza in stanzas)
        {
            if (stanza.Type == WrappedKeyStanza.Type && TryOpen(stanza) is { } fileKey)
            {
                return new(fileKey);
            }
        }

        return default;
    }

    public void Dispose() => _secret.Dispose();

    private SecretBytes? TryOpen(AgeStanza stanza)
    {
        var key = WrappedKeyStanza.Read(stanza);
        if (key.Provider != Provider || key.KeyId != KeyId)
        {
            return null;
        }

        if (key.Algorithm != Algorithm || stanza.Body.Length != BodySize)
        {
            throw FileKeyWrap.Malformed(stanza);
        }

        var fileKey = new SecretBytes(AgeFormat.FileKeySize);
        using var cipher = new AesGcm(_secret.Span, AgeFormat.TagSize);
        try
        {
            var body = stanza.Body.AsSpan();
            cipher.Decrypt(body[..NonceSize], body.Slice(NonceSize, AgeFormat.FileKeySize), body[(NonceSize + AgeFormat.FileKeySize)..], fileKey.Span, BoundTo);
            return fileKey;
        }
        catch (AuthenticationTagMismatchException)
        {
            fileKey.Dispose();
            return null;
        }
    }
}
