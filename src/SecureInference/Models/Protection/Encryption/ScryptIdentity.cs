using System.Globalization;

namespace SecureInference.Models.Protection.Encryption;

/// <summary>A passphrase.</summary>
internal sealed class ScryptIdentity(SecretBytes passphrase, int maxWorkFactor = ScryptKey.MaxWorkFactor) : IAgeIdentity, IDisposable
{
    public ValueTask<SecretBytes?> FindFileKeyAsync(IReadOnlyList<AgeStanza> stanzas, CancellationToken cancellationToken)
    {
        if (stanzas is not [{ Type: ScryptKey.StanzaType } stanza])
        {
            return default;
        }

        if (stanza.Arguments is not [var salt, var written]
            || !AgeBase64.TryDecode(salt, out var saltBytes)
            || saltBytes.Length != ScryptKey.SaltSize
            || stanza.Body.Length != AgeFormat.SealedFileKeySize)
        {
            throw FileKeyWrap.Malformed(stanza);
        }

        // Before anything is computed: the number decides over memory and time.
        var workFactor = ReadWorkFactor(written);
        using var wrapKey = ScryptKey.Derive(passphrase, saltBytes, workFactor);
        return new(FileKeyWrap.Open(wrapKey.Span, stanza.Body));
    }

    public void Dispose() => passphrase.Dispose();

    private int ReadWorkFactor(string text) =>
        text is { Length: > 0 and <= 2 } && text[0] != '0' && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var factor)
            ? factor <= maxWorkFactor
                ? factor
                : throw AgeException.Header($"its passphrase asks for the work factor {factor}, and at most {maxWorkFactor} is computed")
            : throw AgeException.Header("the work factor of its passphrase is malformed");
}
