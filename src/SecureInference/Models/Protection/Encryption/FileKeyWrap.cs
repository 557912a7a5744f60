
namespace SecureInference.Models.Protection.Encryption;

/// <summary>How the native stanzas hold the file key: sealed under a key that is used once.</summary>
internal static class FileKeyWrap
{
    private static readonly byte[] Nonce = new byte[ChaCha.NonceSize];

    public static byte[] Seal(ReadOnlySpan<byte> wrapKey, ReadOnlySpan<byte> fileKey) => Seal(wrapKey, Nonce, fileKey);

    public static byte[] Seal(ReadOnlySpan<byte> wrapKey, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> fileKey)
    {
        using var cipher = ChaCha.Create(wrapKey);
        var body = new byte[AgeFormat.SealedFileKeySize];
        cipher.Seal(nonce, fileKey, body);
        return body;
    }

    public static SecretBytes? Open(ReadOnlySpan<byte> wrapKey, ReadOnlySpan<byte> body) => Open(wrapKey, Nonce, body);

    public static SecretBytes? Open(ReadOnlySpan<byte> wrapKey, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> body)
    {
        using var cipher = ChaCha.Create(wrapKey);
        var fileKey = new SecretBytes(AgeFormat.FileKeySize);
        if (cipher.TryOpen(nonce, body, fileKey.Span))
        {
            return fileKey;
        }

        fileKey.Dispose();
        return null;
    }

    /// <summary>Decodes a stanza that has just these arguments, each of its length.</summary>
    /// <exception cref="AgeException">It has not.</exception>
    public static byte[][] Decode(AgeStanza stanza, params ReadOnlySpan<int> lengths)
    {
        var decoded = new byte[lengths.Length][];
        if (stanza.Arguments.Count != lengths.Length || stanza.Body.Length != AgeFormat.SealedFileKeySize)
        {
            throw Malformed(stanza);
        }

        for (var index = 0; index < lengths.Length; index++)
        {
            decoded[index] = AgeBase64.TryDecode(stanza.Arguments[index], out var bytes) && bytes.Length == lengths[index] ? bytes : throw Malformed(stanza);
        }

        return decoded;
    }

    public static AgeException Malformed(AgeStanza stanza) => AgeException.Header($"a recipient of the type {stanza.Type} in it is malformed");
}
