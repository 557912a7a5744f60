using System.Globalization;
using System.Security.Cryptography;
using SecureInference.Models.Protection.Files;

namespace SecureInference.Models.Protection.Signing;

/// <summary>Makes the signature of a model.</summary>
internal static class ModelSigning
{
    private const int FirstBytes = 64;

    /// <param name="signer">The key.</param>
    /// <param name="path">The model's file or folder.</param>
    /// <param name="signaturePath">The file to write.</param>
    /// <param name="options">How it is signed.</param>
    /// <param name="progress">Is told how many bytes were hashed.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="FileRefusedException">The model cannot be signed as it lies there.</exception>
    /// <exception cref="SignatureRefusedException">The key cannot sign models.</exception>
    public static async Task<MadeSignature> SignAsync(
        IModelSigner signer, string path, string signaturePath, ModelSigningOptions options, Action<long>? progress, CancellationToken cancellationToken)
    {
        using var key = EllipticKey.Import(signer.PublicKey.Span);
        var model = ModelOnDisk.Find(path);
        string[] ignored = [.. options.IgnoredPaths, .. model.NameOf(signaturePath) is { } own ? [own] : Array.Empty<string>()];
        var pieces = Cut(model, ignored, options.ShardSize);
        var hashes = await ModelPiece.HashAllAsync(pieces, progress, cancellationToken);
        var root = SHA256.HashData(hashes.SelectMany(static hash => hash).ToArray());
        var statement = StatementWriter.Write(model.Name, root, pieces, hashes, model.IsFile ? [] : ignored, options.ShardSize);
        if (statement.Length > SignatureBundle.MaxPayloadLength)
        {
            throw new FileRefusedException(path, $"has too many files: what is signed would have {statement.Length >> 20} MiB, and verifiers take {SignatureBundle.MaxPayloadLength >> 20}. Sign less of it");
        }

        var signature = await SignAsync(signer, key, statement, cancellationToken);
        Write(signaturePath, BundleWriter.Write(signer, key, statement, signature));
        return new MadeSignature(Convert.ToHexStringLower(root), EllipticKey.HintOf(key), pieces.Select(static piece => piece.Piece.Name).Distinct().Count());
    }

    private static ModelPiece[] Cut(ModelOnDisk model, string[] ignored, long? shardSize)
    {
        var pieces = new List<ModelPiece>();
        foreach (var name in model.List(ignored))
        {
            var path = model.FileOf(name);
            RequireClear(path);
            var length = new FileInfo(path).Length;
            if (!ResourceName.IsValid(name))
            {
                throw new FileRefusedException(path, "has a name that signatures cannot have. Rename it");
            }

            if (length == 0 && (shardSize is not null || model.IsFile))
            {
                throw new FileRefusedException(path, "is empty, and pieces of it cannot be signed. Take it away, ignore it, or sign whole files");
            }

            for (var start = 0L; start < length || start == 0; start += shardSize ?? long.MaxValue)
            {
                pieces.Add(new ModelPiece(path, new SignedPiece(name, start, shardSize is { } size ? Math.Min(length, start + size) : SignedPiece.ToTheEnd, 0)));
                if (shardSize is null)
                {
                    break;
                }
            }
        }

        return pieces.Count == 0
            ? throw new FileRefusedException(model.FileOf(""), "has no file to sign. Name the model's folder")
            : [.. pieces.OrderBy(static piece => ResourceOf(piece.Piece), CodePointOrder.Instance)];
    }

    /// <summary>Returns what a piece is called in a signature.</summary>
    public static string ResourceOf(SignedPiece piece) => piece.End == SignedPiece.ToTheEnd
        ? piece.Name
        : string.Create(CultureInfo.InvariantCulture, $"{piece.Name}:{piece.Start}:{piece.End}");

    // What is signed is what will be loaded; servers decrypt first.
    private static void RequireClear(string path)
    {
        using var handle = File.OpenHandle(path);
        var first = new byte[FirstBytes];
        if (first.AsSpan(0, RandomAccess.Read(handle, first, 0)).StartsWith("age-encryption.org/"u8))
        {
            throw new FileRefusedException(path, "is encrypted, and signatures are of what is loaded. Sign the clear file, and encrypt it then");
        }
    }

    private static async Task<byte[]> SignAsync(IModelSigner signer, ECDsa key, byte[] statement, CancellationToken cancellationToken)
    {
        var algorithm = EllipticKey.HashOf(key);
        var hash = DssePae.Hash(algorithm, SignatureBundle.PayloadType, statement);
        var signature = await signer.SignHashAsync(hash, algorithm, cancellationToken);

        // A service that was asked wrongly, or answers in another form, must not be found out by the servers.
        return key.VerifyHash(hash, signature, DSASignatureFormat.Rfc3279DerSequence)
            ? signature
            : throw new SignatureRefusedException("the signer's answer is no signature by its key, in DER. Check which key it uses, and that it signs a hash");
    }

    private static void Write(string path, byte[] bytes)
    {
        var unfinished = $"{path}.{Environment.ProcessId}.tmp";
        try
        {
            File.WriteAllBytes(unfinished, bytes);
            File.Move(unfinished, path, overwrite: true);
        }
        catch
        {
            File.Delete(unfinished);
            throw;
        }
    }
}
