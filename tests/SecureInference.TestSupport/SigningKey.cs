using System.Buffers.Text;
using System.Security.Cryptography;

namespace SecureInference.TestSupport;

/// <summary>A key that an issuer signs with, RSA or ECDSA; each name has one key for the whole run, since making one is slow.</summary>
public sealed class SigningKey
{
    private static readonly Dictionary<string, SigningKey> Made = new(StringComparer.Ordinal);

    private readonly RSA? _rsa;
    private readonly ECDsa? _elliptic;

    private SigningKey(string id, RSA? rsa, ECDsa? elliptic)
    {
        Id = id;
        _rsa = rsa;
        _elliptic = elliptic;
    }

    public string Id { get; }

    public string Algorithm => _rsa is null ? "ES256" : "RS256";

    public RSA Rsa => _rsa ?? throw new InvalidOperationException("This is an ECDSA key.");

    public static SigningKey OfRsa(string id, int bits = 2048) => Make(id, () => new SigningKey(id, RSA.Create(bits), null));

    public static SigningKey OfEcdsa(string id) => Make(id, () => new SigningKey(id, null, ECDsa.Create(ECCurve.NamedCurves.nistP256)));

    public byte[] Sign(byte[] data, string algorithm) => algorithm switch
    {
        "RS256" => Rsa.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
        "RS512" => Rsa.SignData(data, HashAlgorithmName.SHA512, RSASignaturePadding.Pkcs1),
        "PS256" => Rsa.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pss),
        _ => (_elliptic ?? throw new InvalidOperationException("This is an RSA key.")).SignData(data, HashAlgorithmName.SHA256),
    };

    /// <summary>The public key, as a key set lists it.</summary>
    public object Describe(string? id)
    {
        if (_elliptic is not null)
        {
            var point = _elliptic.ExportParameters(includePrivateParameters: false).Q;
            return new { kty = "EC", use = "sig", kid = id, crv = "P-256", x = Base64Url.EncodeToString(point.X), y = Base64Url.EncodeToString(point.Y) };
        }

        var rsa = Rsa.ExportParameters(includePrivateParameters: false);
        return new { kty = "RSA", use = "sig", kid = id, n = Base64Url.EncodeToString(rsa.Modulus), e = Base64Url.EncodeToString(rsa.Exponent) };
    }

    private static SigningKey Make(string id, Func<SigningKey> make)
    {
        lock (Made)
        {
            return Made.TryGetValue(id, out var key) ? key : Made[id] = make();
        }
    }
}
