using System.Security.Cryptography;

namespace SecureInference.Models.Protection.Encryption;

/// <summary>Decrypts a model file into memory, on its way to the signature check and the engine.</summary>
internal sealed class ModelDecryption(IdentitySources sources, IEnumerable<IKeyUnwrapper> services, TimeProvider time) : IModelDecryption
{
    public int FirstBytes => AgeArmor.MaxPreamble;

    public bool IsEncrypted(ReadOnlySpan<byte> firstBytes) => AgeFile.IsEncrypted(firstBytes);

    public async ValueTask<ReadFile> DecryptAsync(string model, Stream ciphertext, ModelOptions options, bool withHash, CancellationToken cancellationToken)
    {
        using var identities = sources.Read(model, options);
        var keyServices = new KeyServiceIdentity(services, time);
        try
        {
            // Services last: what a key of one's own opens is worth no question over the network.
            using var file = await AgeFile.OpenAsync(ciphertext, [.. identities.Identities, keyServices], cancellationToken);
            var (clear, hash) = await PayloadMemory.ReadAsync(file, withHash, cancellationToken);
            return new ReadFile(clear, hash, IsEncrypted: true);
        }
        catch (AgeException refused)
        {
            throw new ModelLoadException(Explain(model, options, identities.Identities.Count + keyServices.Problems.Count, keyServices.Problems, refused), refused);
        }
        catch (CryptographicException refused)
        {
            // A policy of the machine is not worked around with another implementation.
            throw new ModelLoadException(
                $"Models:{model}: the file '{options.Path}' is encrypted, and the cryptographic library of this machine refuses to decrypt it, as OpenSSL does in FIPS mode: ChaCha20-Poly1305 is needed. "
                + "Serve the model on a machine that allows it.",
                refused);
        }
    }

    private static string Explain(string model, ModelOptions options, int tried, IReadOnlyList<string> problems, AgeException refused) => refused.Failure switch
    {
        AgeFailure.NoMatch when tried == 0 =>
            $"Models:{model}: the file '{options.Path}' is encrypted, and no key for it is configured: {refused.Message}. Name a file with the identity in Models:{model}:Identities.",
        AgeFailure.NoMatch =>
            $"Models:{model}: the file '{options.Path}' is encrypted, and none of the configured keys opens it: {string.Join("; ", [refused.Message, .. problems])}. Name the right key in Models:{model}:Identities, or encrypt the model for one of these.",
        AgeFailure.Header or AgeFailure.HeaderMac or AgeFailure.Armor =>
            $"Models:{model}: the header of the encrypted file '{options.Path}' is refused: {refused.Message}. Copy the file again, or encrypt it again.",
        AgeFailure.Payload =>
            $"Models:{model}: the content of the encrypted file '{options.Path}' is refused: {refused.Message}. Copy the file again, or encrypt it again.",
        _ => throw new ArgumentOutOfRangeException(nameof(refused)),
    };
}
