using System.Security.Cryptography;

namespace SecureInference.Models.Protection.Signing;

/// <summary>Signs models with a private key that may stay where it is: in a key management service, or a hardware module.</summary>
public interface IModelSigner
{
    /// <summary>Gets the public key as SubjectPublicKeyInfo, in DER: ECDSA on P-256, P-384 or P-521.</summary>
    ReadOnlyMemory<byte> PublicKey { get; }

    /// <summary>Gets the certificates of the key, in DER: the signer's first, then those between it and the root; none where verifiers know the key itself.</summary>
    IReadOnlyList<ReadOnlyMemory<byte>> Certificates => [];

    /// <summary>Signs a hash.</summary>
    /// <param name="hash">The hash: SHA-256, SHA-384 or SHA-512, as long as the curve of the key.</param>
    /// <param name="algorithm">Which of them it is.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The ECDSA signature as an ASN.1 sequence of r and s, in DER.</returns>
    ValueTask<byte[]> SignHashAsync(ReadOnlyMemory<byte> hash, HashAlgorithmName algorithm, CancellationToken cancellationToken);
}
