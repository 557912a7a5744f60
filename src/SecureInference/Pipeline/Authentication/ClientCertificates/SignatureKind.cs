using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SecureInference.Pipeline.Authentication.ClientCertificates;

/// <summary>How something is signed: a closed list, in which nothing rests on SHA-1 or MD5.</summary>
internal sealed class SignatureKind
{
    private const string Pss = "1.2.840.113549.1.1.10";
    private const string Mgf1 = "1.2.840.113549.1.1.8";

    private static readonly Dictionary<string, SignatureKind> Known = new(StringComparer.Ordinal)
    {
        ["1.2.840.113549.1.1.11"] = new(HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
        ["1.2.840.113549.1.1.12"] = new(HashAlgorithmName.SHA384, RSASignaturePadding.Pkcs1),
        ["1.2.840.113549.1.1.13"] = new(HashAlgorithmName.SHA512, RSASignaturePadding.Pkcs1),
        ["1.2.840.10045.4.3.2"] = new(HashAlgorithmName.SHA256, padding: null),
        ["1.2.840.10045.4.3.3"] = new(HashAlgorithmName.SHA384, padding: null),
        ["1.2.840.10045.4.3.4"] = new(HashAlgorithmName.SHA512, padding: null),
    };

    private static readonly Dictionary<string, (HashAlgorithmName Name, int Length)> Hashes = new(StringComparer.Ordinal)
    {
        ["2.16.840.1.101.3.4.2.1"] = (HashAlgorithmName.SHA256, SHA256.HashSizeInBytes),
        ["2.16.840.1.101.3.4.2.2"] = (HashAlgorithmName.SHA384, SHA384.HashSizeInBytes),
        ["2.16.840.1.101.3.4.2.3"] = (HashAlgorithmName.SHA512, SHA512.HashSizeInBytes),
    };

    private readonly HashAlgorithmName _hash;
    private readonly RSASignaturePadding? _padding;

    private SignatureKind(HashAlgorithmName hash, RSASignaturePadding? padding)
    {
        _hash = hash;
        _padding = padding;
    }

    /// <summary>Reads an AlgorithmIdentifier.</summary>
    /// <returns>Nothing where it is not on the list.</returns>
    /// <exception cref="AsnContentException">It is malformed.</exception>
    public static SignatureKind? Read(ReadOnlyMemory<byte> identifier)
    {
        var reader = new AsnReader(identifier, AsnEncodingRules.DER).ReadSequence();
        var algorithm = reader.ReadObjectIdentifier();
        return algorithm == Pss ? ReadPss(reader) : Known.GetValueOrDefault(algorithm);
    }

    /// <summary>Reads how a certificate is signed.</summary>
    /// <exception cref="AsnContentException">It is malformed.</exception>
    public static SignatureKind? Of(X509Certificate2 certificate)
    {
        var reader = new AsnReader(certificate.RawDataMemory, AsnEncodingRules.DER).ReadSequence();
        reader.ReadEncodedValue();
        return Read(reader.PeekEncodedValue());
    }

    /// <summary>Says whether the signature was made with the key of this certificate.</summary>
    public bool Verify(X509Certificate2 signer, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        try
        {
            if (_padding is not null)
            {
                using var rsa = signer.GetRSAPublicKey();
                return rsa?.VerifyData(data, signature, _hash, _padding) == true;
            }

            using var ecdsa = signer.GetECDsaPublicKey();
            return ecdsa?.VerifyData(data, signature, _hash, DSASignatureFormat.Rfc3279DerSequence) == true;
        }
        catch (Exception exception) when (exception is CryptographicException or PlatformNotSupportedException)
        {
            return false; // A key of another kind, or a curve that nobody knows.
        }
    }

    // Everything that is left out of these parameters stands for SHA-1, and so must be there.
    private static SignatureKind? ReadPss(AsnReader reader)
    {
        if (!reader.HasData)
        {
            return null;
        }

        var parameters = reader.ReadSequence();
        if (!TryReadHash(parameters, 0, out var hash) || !parameters.HasData || !parameters.PeekTag().HasSameClassAndValue(Tag(1)))
        {
            return null;
        }

        var mask = parameters.ReadSequence(Tag(1)).ReadSequence();
        if (mask.ReadObjectIdentifier() != Mgf1
            || !Hashes.TryGetValue(mask.ReadSequence().ReadObjectIdentifier(), out var maskHash)
            || maskHash != hash
            || !parameters.HasData
            || !parameters.PeekTag().HasSameClassAndValue(Tag(2))
            || !parameters.ReadSequence(Tag(2)).TryReadInt32(out var salt)
            || salt != hash.Length
            || parameters.HasData)
        {
            return null;
        }

        return new SignatureKind(hash.Name, RSASignaturePadding.Pss);
    }

    private static bool TryReadHash(AsnReader parameters, int tag, out (HashAlgorithmName Name, int Length) hash)
    {
        hash = default;
        return parameters.HasData
            && parameters.PeekTag().HasSameClassAndValue(Tag(tag))
            && Hashes.TryGetValue(parameters.ReadSequence(Tag(tag)).ReadSequence().ReadObjectIdentifier(), out hash);
    }

    private static Asn1Tag Tag(int value) => new(TagClass.ContextSpecific, value, isConstructed: true);
}
