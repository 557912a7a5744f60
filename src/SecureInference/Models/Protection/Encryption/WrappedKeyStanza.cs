using System.Text;

namespace SecureInference.Models.Protection.Encryption;

/// <summary>The stanza of this project: a file key that a key service, or a key of one's own, has wrapped. Other readers pass over it.</summary>
internal static class WrappedKeyStanza
{
    public const string Type = "secureinference.dev/kms-v1";

    private const int MaxNameLength = 64;
    private const int MaxKeyIdLength = 2048;
    private const int MaxBodyLength = 8 * 1024;

    // What is not UTF-8 is no name of a key.
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static AgeStanza Write(WrappedKey key) =>
        new(Type, [key.Provider, AgeBase64.Encode(Strict.GetBytes(key.KeyId)), key.Algorithm], key.Ciphertext.ToArray());

    /// <exception cref="AgeException">It is malformed.</exception>
    public static WrappedKey Read(AgeStanza stanza)
    {
        if (stanza.Arguments is not [{ Length: <= MaxNameLength } provider, var written, { Length: <= MaxNameLength } algorithm]
            || stanza.Body.Length is 0 or > MaxBodyLength
            || !AgeBase64.TryDecode(written, out var keyId)
            || keyId.Length is 0 or > MaxKeyIdLength)
        {
            throw FileKeyWrap.Malformed(stanza);
        }

        try
        {
            return new WrappedKey(provider, Strict.GetString(keyId), algorithm, stanza.Body);
        }
        catch (DecoderFallbackException)
        {
            throw FileKeyWrap.Malformed(stanza);
        }
    }
}
