using System.Security.Cryptography;

namespace SecureInference.Pipeline.Auditing.Log;

/// <summary>The private half of a key that signs checkpoints.</summary>
internal sealed class SigningKey : IDisposable
{
    private readonly ECDsa _key;

    private SigningKey(ECDsa key, CheckpointKey publicKey)
    {
        _key = key;
        Public = publicKey;
    }

    public CheckpointKey Public { get; }

    public static SigningKey Make() => Of(ECDsa.Create(ECCurve.NamedCurves.nistP256));

    /// <summary>Reads the key's PEM.</summary>
    /// <exception cref="InvalidDataException">It is no private key of P-256.</exception>
    public static SigningKey FromPem(string pem)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(pem);
            key.ExportParameters(includePrivateParameters: true);
            return Of(key);
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException or PlatformNotSupportedException)
        {
            key.Dispose();
            throw new InvalidDataException("The key that signs the audit log's checkpoints is no private key in PEM. "
                + "Make one with 'openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256'.", exception);
        }
    }

    public byte[] Sign(ReadOnlySpan<byte> text) => _key.SignData(text, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);

    public string ToPem() => _key.ExportPkcs8PrivateKeyPem() + "\n";

    public void Dispose() => _key.Dispose();

    private static SigningKey Of(ECDsa key)
    {
        using var half = ECDsa.Create(key.ExportParameters(includePrivateParameters: false));
        return CheckpointKey.TryParse(half.ExportSubjectPublicKeyInfo()) is { } publicKey
            ? new SigningKey(key, publicKey)
            : throw new InvalidDataException("The key that signs the audit log's checkpoints is not of the curve P-256.");
    }
}
