using System.Buffers.Binary;
using System.Security.Cryptography;

namespace SecureInference.Pipeline.Auditing.Log;

/// <summary>The public half of a key that signs checkpoints: ECDSA on P-256, type 0x02 of signed notes.</summary>
internal sealed class CheckpointKey
{
    private const string Curve = "1.2.840.10045.3.1.7";

    private readonly ECDsa _key;

    private CheckpointKey(ECDsa key, byte[] info)
    {
        _key = key;
        Info = info;
        Fingerprint = SHA256.HashData(info);
    }

    /// <summary>Gets the SubjectPublicKeyInfo, in DER.</summary>
    public byte[] Info { get; }

    public byte[] Fingerprint { get; }

    public uint KeyId => BinaryPrimitives.ReadUInt32BigEndian(Fingerprint);

    public string Pem => PemEncoding.WriteString("PUBLIC KEY", Info) + "\n";

    /// <summary>Reads the key's PEM.</summary>
    /// <exception cref="InvalidDataException">It is no public key of P-256.</exception>
    public static CheckpointKey FromPem(string pem)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(pem);
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException or PlatformNotSupportedException)
        {
            key.Dispose();
            throw new InvalidDataException("It is no public key in PEM. Write the file that begins with '-----BEGIN PUBLIC KEY-----'.", exception);
        }

        return TryCreate(key) ?? throw new InvalidDataException("The public key is not of the curve P-256, the only one that signs checkpoints.");
    }

    /// <summary>Reads a SubjectPublicKeyInfo; <see langword="null"/> where it is none of P-256 in its one form.</summary>
    public static CheckpointKey? TryParse(ReadOnlySpan<byte> info)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportSubjectPublicKeyInfo(info, out _);
        }
        catch (Exception exception) when (exception is CryptographicException or PlatformNotSupportedException)
        {
            key.Dispose();
            return null;
        }

        return TryCreate(key) is { } parsed && parsed.Info.AsSpan().SequenceEqual(info) ? parsed : null;
    }

    public static CheckpointKey? TryCreate(ECDsa key) =>
        key.ExportParameters(includePrivateParameters: false).Curve.Oid?.Value == Curve ? new CheckpointKey(key, key.ExportSubjectPublicKeyInfo()) : null;

    public bool Verify(ReadOnlySpan<byte> text, ReadOnlySpan<byte> signature) =>
        _key.VerifyData(text, signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);

    public bool Is(CheckpointKey other) => Fingerprint.AsSpan().SequenceEqual(other.Fingerprint);
}
