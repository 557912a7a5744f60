using System.Security.Cryptography;

namespace SecureInference.Models.Protection.Signing;

/// <summary>A publisher's public key that the operator has named.</summary>
internal sealed class TrustedKey : IDisposable
{
    private TrustedKey(ECDsa key)
    {
        Key = key;
        Hint = EllipticKey.HintOf(key);
    }

    public ECDsa Key { get; }

    /// <summary>Gets what signatures name the key by.</summary>
    public string Hint { get; }

    /// <summary>Reads the key of a PEM file, in which text may stand before it.</summary>
    /// <param name="text">What the file holds.</param>
    /// <exception cref="SignatureRefusedException">There is no key, or none that may sign.</exception>
    public static TrustedKey Parse(string text)
    {
        try
        {
            if (PemBlock.ReadAll(text, "it") is [{ Label: "PUBLIC KEY" } only])
            {
                return new TrustedKey(EllipticKey.Import(only.Data));
            }
        }
        catch (InvalidDataException exception)
        {
            throw new SignatureRefusedException(exception.Message.TrimEnd('.'), exception);
        }

        throw new SignatureRefusedException("it is not one public key. Write the publisher's key as one block -----BEGIN PUBLIC KEY-----; for certificates there is TrustedCertificates, and a private key belongs to its publisher alone");
    }

    public void Dispose() => Key.Dispose();
}
