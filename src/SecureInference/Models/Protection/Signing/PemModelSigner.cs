using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using SecureInference.Models.Protection.Files;

namespace SecureInference.Models.Protection.Signing;

/// <summary>Signs with a private key of a PEM file, which nobody else may read.</summary>
internal sealed class PemModelSigner : IModelSigner, IDisposable
{
    private const int MaxLength = 1 << 20;
    private readonly ECDsa _key;

    private PemModelSigner(ECDsa key, IReadOnlyList<ReadOnlyMemory<byte>> certificates)
    {
        _key = key;
        Certificates = certificates;
        PublicKey = key.ExportSubjectPublicKeyInfo();
    }

    public ReadOnlyMemory<byte> PublicKey { get; }

    public IReadOnlyList<ReadOnlyMemory<byte>> Certificates { get; }

    /// <param name="keyPath">The private key.</param>
    /// <param name="chainPath">The certificates of the key, where it has some.</param>
    /// <exception cref="FileRefusedException">A file is none of these, or others may read the key.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">A file may not be read.</exception>
    public static PemModelSigner Read(string keyPath, string? chainPath)
    {
        var key = ReadKey(keyPath);
        try
        {
            var certificates = chainPath is null ? [] : ReadChain(chainPath);
            if (certificates.Count != 0)
            {
                using var leaf = X509CertificateLoader.LoadCertificate(certificates[0].Span);
                if (!leaf.PublicKey.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(key.ExportSubjectPublicKeyInfo()))
                {
                    throw new FileRefusedException(chainPath ?? "", "does not begin with the certificate of the private key. Put that one first, then those between it and the root");
                }
            }

            return new PemModelSigner(key, certificates);
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }

    public ValueTask<byte[]> SignHashAsync(ReadOnlyMemory<byte> hash, HashAlgorithmName algorithm, CancellationToken cancellationToken) =>
        ValueTask.FromResult(_key.SignHash(hash.Span, DSASignatureFormat.Rfc3279DerSequence));

    public void Dispose() => _key.Dispose();

    private static ECDsa ReadKey(string path)
    {
        using var handle = File.OpenHandle(path);
        if (FileModes.WhyNoSecret(handle, path) is { } problem)
        {
            throw new FileRefusedException(path, problem);
        }

        var bytes = new byte[Math.Min(RandomAccess.GetLength(handle), MaxLength)];
        var text = Encoding.ASCII.GetChars(bytes, 0, RandomAccess.Read(handle, bytes, 0));
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(text);
            return EllipticKey.Require(key);
        }
        catch (Exception exception) when (exception is ArgumentException or CryptographicException or PlatformNotSupportedException or SignatureRefusedException)
        {
            key.Dispose();
            throw new FileRefusedException(path, "holds no private key that can sign models: ECDSA on P-256, P-384 or P-521, in PEM, without a passphrase. Make one with 'secure-inference model keygen --signing'");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
            Array.Clear(text);
        }
    }

    private static List<ReadOnlyMemory<byte>> ReadChain(string path)
    {
        try
        {
            var blocks = PemBlock.ReadAll(File.ReadAllText(path), "it");
            return blocks.Count != 0 && blocks.TrueForAll(static block => block.Label == "CERTIFICATE")
                ? blocks.ConvertAll(static block => (ReadOnlyMemory<byte>)block.Data)
                : throw new FileRefusedException(path, "is no chain of certificates in PEM. Put the certificate of the key first, then those between it and the root");
        }
        catch (InvalidDataException exception)
        {
            throw new FileRefusedException(path, $"is no chain of certificates in PEM: {exception.Message.TrimEnd('.')}");
        }
    }
}
