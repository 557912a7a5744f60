using System.Globalization;
using System.Security.Cryptography;

namespace SecureInference.Models.Protection.Encryption;

/// <summary>Whoever knows a passphrase; it is the only recipient of its file.</summary>
internal sealed class ScryptRecipient(SecretBytes passphrase, int workFactor = ScryptKey.WorkFactor) : IAgeRecipient
{
    public ValueTask<AgeStanza> WrapAsync(SecretBytes fileKey, CancellationToken cancellationToken)
    {
        var salt = RandomNumberGenerator.GetBytes(ScryptKey.SaltSize);
        using var wrapKey = ScryptKey.Derive(passphrase, salt, workFactor);
        string[] arguments = [AgeBase64.Encode(salt), workFactor.ToString(CultureInfo.InvariantCulture)];
        return new(new AgeStanza(ScryptKey.StanzaType, arguments, FileKeyWrap.Seal(wrapKey.Span, fileKey.Span)));
    }
}
