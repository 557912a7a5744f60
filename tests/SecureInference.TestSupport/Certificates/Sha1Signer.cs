using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SecureInference.TestSupport.Certificates;

/// <summary>Signs as nobody should any more; the platform refuses to.</summary>
internal sealed class Sha1Signer(ECDsa key) : X509SignatureGenerator
{
    /// <summary>ecdsa-with-SHA1.</summary>
    private static readonly byte[] Identifier = [0x30, 0x09, 0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x01];

    public override byte[] GetSignatureAlgorithmIdentifier(HashAlgorithmName hashAlgorithm) => Identifier;

    public override byte[] SignData(byte[] data, HashAlgorithmName hashAlgorithm) =>
        key.SignData(data, HashAlgorithmName.SHA1, DSASignatureFormat.Rfc3279DerSequence);

    protected override PublicKey BuildPublicKey() => new(key);
}
