using System.Security.Cryptography;

namespace SecureInference.Models.Protection.Encryption;

/// <summary>A public P-256 key: <c>age1tag1…</c>.</summary>
internal sealed class TagRecipient(P256Point point) : IAgeRecipient
{
    private const string Prefix = "age1tag";

    public static TagRecipient? TryParse(string text) =>
        Bech32.TryDecode(text, out var prefix, out var bytes) && prefix == Prefix && bytes.Length == P256Point.CompressedSize && P256Point.TryParse(bytes) is { } point
            ? new TagRecipient(point)
            : null;

    public override string ToString() => Bech32.Encode(Prefix, point.Compressed);

    public ValueTask<AgeStanza> WrapAsync(SecretBytes fileKey, CancellationToken cancellationToken)
    {
        using var secret = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        var ephemeral = P256Point.Of(secret.PublicKey.ExportParameters()).Uncompressed;
        var (key, nonce) = TagStanza.Derive(point.AgreeWith(secret), ephemeral, point);
        using (key)
        {
            string[] arguments = [AgeBase64.Encode(TagStanza.ComputeTag(ephemeral, point)), AgeBase64.Encode(ephemeral)];
            return new(new AgeStanza(TagStanza.Type, arguments, FileKeyWrap.Seal(key.Span, nonce, fileKey.Span)));
        }
    }
}
