using System.Security.Cryptography;

namespace SecureInference.Models.Protection.Encryption;

/// <summary>A secret P-256 key, also one that a hardware module keeps and agrees with.</summary>
internal sealed class TagIdentity : IAgeIdentity, IDisposable
{
    private readonly ECDiffieHellman _key;
    private readonly P256Point _recipient;

    /// <param name="key">The key; it is disposed with this.</param>
    public TagIdentity(ECDiffieHellman key)
    {
        _key = key;
        _recipient = P256Point.Of(key.PublicKey.ExportParameters());
    }

    public TagRecipient Recipient => new(_recipient);

    /// <summary>Reads a secret key that is written as PEM.</summary>
    /// <exception cref="InvalidDataException">It is none, or one for another curve.</exception>
    public static TagIdentity ReadPem(string text)
    {
        var key = ECDiffieHellman.Create();
        try
        {
            key.ImportFromPem(text);
            if (key.KeySize == 256 && key.PublicKey.ExportParameters().Curve.Oid.Value == ECCurve.NamedCurves.nistP256.Oid.Value)
            {
                return new TagIdentity(key);
            }
        }
        catch (Exception exception) when (exception is ArgumentException or CryptographicException or PlatformNotSupportedException)
        {
            // Said below, without a word of what the text holds.
        }

        key.Dispose();
        throw new InvalidDataException("it is PEM, and no secret P-256 key without a password: make one with 'openssl ecparam -name prime256v1 -genkey -noout'");
    }

    public ValueTask<SecretBytes?> FindFileKeyAsync(IReadOnlyList<AgeStanza> stanzas, CancellationToken cancellationToken)
    {
        foreach (var stanza in stanzas)
        {
            if (stanza.Type == TagStanza.Type && TryOpen(stanza) is { } fileKey)
            {
                return new(fileKey);
            }
        }

        return default;
    }

    public void Dispose() => _key.Dispose();

    private SecretBytes? TryOpen(AgeStanza stanza)
    {
        if (FileKeyWrap.Decode(stanza, TagStanza.TagSize, P256Point.UncompressedSize) is not [var tag, var ephemeral] || P256Point.TryParse(ephemeral) is not { } point)
        {
            throw FileKeyWrap.Malformed(stanza);
        }

        if (!tag.AsSpan().SequenceEqual(TagStanza.ComputeTag(ephemeral, _recipient)))
        {
            return null;
        }

        var (key, nonce) = TagStanza.Derive(point.AgreeWith(_key), ephemeral, _recipient);
        using (key)
        {
            return FileKeyWrap.Open(key.Span, nonce, stanza.Body);
        }
    }
}
