using System.Security.Cryptography;
using SecureInference.Models.Protection.Signing;

namespace SecureInference.Tests.Models.Protection.Signing;

/// <summary>A publisher with a key of its own.</summary>
internal sealed class KeySigner : IModelSigner, IDisposable
{
    public KeySigner(ECCurve? curve = null) => Key = ECDsa.Create(curve ?? ECCurve.NamedCurves.nistP256);

    public KeySigner(ECDsa key) => Key = key;

    public ECDsa Key { get; }

    public ReadOnlyMemory<byte> PublicKey => Key.ExportSubjectPublicKeyInfo();

    public IReadOnlyList<ReadOnlyMemory<byte>> Certificates { get; init; } = [];

    public DSASignatureFormat Format { get; init; } = DSASignatureFormat.Rfc3279DerSequence;

    public string Pem => Key.ExportSubjectPublicKeyInfoPem() + "\n";

    public SignatureTrust Trust => new() { Keys = [TrustedKey.Parse(Pem)] };

    public ValueTask<byte[]> SignHashAsync(ReadOnlyMemory<byte> hash, HashAlgorithmName algorithm, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Key.SignHash(hash.Span, Format));

    public void Dispose() => Key.Dispose();
}
