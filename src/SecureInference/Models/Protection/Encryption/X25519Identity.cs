using System.Security.Cryptography;
using System.Text;

namespace SecureInference.Models.Protection.Encryption;

/// <summary>A secret X25519 key: what <c>age-keygen</c> makes.</summary>
internal sealed class X25519Identity : IAgeIdentity, IDisposable
{
    public const string Prefix = "AGE-SECRET-KEY-";

    private readonly SecretBytes _secret;
    private readonly byte[] _recipient;

    private X25519Identity(SecretBytes secret)
    {
        _secret = secret;
        _recipient = X25519Key.PublicOf(secret.Span);
    }

    public X25519Recipient Recipient => new(_recipient);

    public static X25519Identity Create() => new(SecretBytes.Random(X25519Key.Size));

    /// <summary>Reads an identity as it is written: in upper case, with a checksum.</summary>
    public static X25519Identity? TryParse(string text)
    {
        // Upper case, and nothing else: a tool that changed a letter has changed the key.
        if (!Bech32.TryDecode(text, out var prefix, out var secret) || prefix != Prefix || secret.Length != X25519Key.Size)
        {
            return null;
        }

        var identity = new X25519Identity(SecretBytes.CopyOf(secret));
        CryptographicOperations.ZeroMemory(secret);
        return identity;
    }

    /// <summary>Writes the secret key, as ASCII.</summary>
    public byte[] Export() => Encoding.ASCII.GetBytes(Bech32.Encode(Prefix, _secret.Span));

    public ValueTask<SecretBytes?> FindFileKeyAsync(IReadOnlyList<AgeStanza> stanzas, CancellationToken cancellationToken)
    {
        foreach (var stanza in stanzas)
        {
            if (stanza.Type == X25519Key.StanzaType && TryOpen(stanza) is { } fileKey)
            {
                return new(fileKey);
            }
        }

        return default;
    }

    public void Dispose() => _secret.Dispose();

    private SecretBytes? TryOpen(AgeStanza stanza)
    {
        var ephemeral = FileKeyWrap.Decode(stanza, X25519Key.Size)[0];
        using var wrapKey = new SecretBytes(AgeFormat.KeySize);
        return X25519Key.TryDerive(_secret.Span, ephemeral, ephemeral, _recipient, wrapKey.Span)
            ? FileKeyWrap.Open(wrapKey.Span, stanza.Body)
            : throw FileKeyWrap.Malformed(stanza);
    }
}
