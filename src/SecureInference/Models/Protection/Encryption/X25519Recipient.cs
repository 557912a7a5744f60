namespace SecureInference.Models.Protection.Encryption;

/// <summary>A public X25519 key: <c>age1…</c>.</summary>
internal sealed class X25519Recipient(byte[] point) : IAgeRecipient
{
    private const string Prefix = "age";

    public static X25519Recipient? TryParse(string text) =>
        Bech32.TryDecode(text, out var prefix, out var point) && prefix == Prefix && point.Length == X25519Key.Size ? new X25519Recipient(point) : null;

    public override string ToString() => Bech32.Encode(Prefix, point);

    public ValueTask<AgeStanza> WrapAsync(SecretBytes fileKey, CancellationToken cancellationToken)
    {
        using var secret = SecretBytes.Random(X25519Key.Size);
        using var wrapKey = new SecretBytes(AgeFormat.KeySize);
        var ephemeral = X25519Key.PublicOf(secret.Span);
        return X25519Key.TryDerive(secret.Span, point, ephemeral, point, wrapKey.Span)
            ? new(new AgeStanza(X25519Key.StanzaType, [AgeBase64.Encode(ephemeral)], FileKeyWrap.Seal(wrapKey.Span, fileKey.Span)))
            : throw AgeException.Header($"the recipient {this} is no key that anything may be encrypted for");
    }
}
