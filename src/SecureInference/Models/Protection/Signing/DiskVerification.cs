using SecureInference.Models.Protection.Files;

namespace SecureInference.Models.Protection.Signing;

/// <summary>Checks a model on disk against its signature, without loading it: for those who prepare models, not for those who load them.</summary>
internal static class DiskVerification
{
    /// <param name="path">The model's file or folder.</param>
    /// <param name="signaturePath">The signature.</param>
    /// <param name="trust">Who is trusted.</param>
    /// <param name="ignoreUnsigned">Whether files that are not signed may lie in the folder.</param>
    /// <param name="now">The time.</param>
    /// <param name="progress">Is told how many bytes were hashed.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="SignatureRefusedException">The signature does not hold for this model.</exception>
    /// <exception cref="FileRefusedException">There is something in the folder that no signature covers.</exception>
    public static async Task<VerifiedSignature> VerifyAsync(
        string path, string signaturePath, SignatureTrust trust, bool ignoreUnsigned, DateTimeOffset now, Action<long>? progress, CancellationToken cancellationToken)
    {
        var verified = SignatureVerifier.Verify(await ReadAsync(signaturePath, cancellationToken), trust, now);
        var model = ModelOnDisk.Find(path);
        var files = model.IsFile ? [(FindOnly(verified.Manifest, model.Name), model.FileOf(""))] : ListSigned(verified.Manifest, model);
        if (!model.IsFile && !ignoreUnsigned)
        {
            RequireNoOther(verified.Manifest, model, signaturePath);
        }

        var pieces = new List<ModelPiece>();
        foreach (var (file, place) in files)
        {
            ContentCheck.RequireLength(file, new FileInfo(place).Length);
            pieces.AddRange(file.Pieces.ToArray().Select(piece => new ModelPiece(place, piece)));
        }

        var hashes = await ModelPiece.HashAllAsync(pieces, progress, cancellationToken);
        for (var index = 0; index < hashes.Length; index++)
        {
            ContentCheck.RequireSame(verified.Manifest, pieces[index].Piece, hashes[index]);
        }

        return verified;
    }

    private static async Task<SignatureBundle> ReadAsync(string path, CancellationToken cancellationToken)
    {
        if (new FileInfo(path).Length > SignatureBundle.MaxLength)
        {
            throw new SignatureRefusedException($"it is larger than {SignatureBundle.MaxLength >> 20} MiB. Copy it again");
        }

        return SignatureBundle.Parse(await File.ReadAllBytesAsync(path, cancellationToken));
    }

    private static SignedFile FindOnly(SignedManifest manifest, string name) => manifest.OneFile is { } one
        ? manifest.Name == name ? one : throw new SignatureRefusedException($"it was made for a model called '{manifest.Name}', and this one is '{name}'. Use this model's own signature")
        : manifest.Find(name) is not { } file ? throw new SignatureRefusedException($"it was made for another model: '{name}' is not among the files that it signs. Use this model's own signature")
        : manifest.Files.Count == 1 ? file : throw new SignatureRefusedException($"it signs a folder of {manifest.Files.Count} files. Name the folder");

    private static List<(SignedFile File, string Place)> ListSigned(SignedManifest manifest, ModelOnDisk model)
    {
        var files = new List<(SignedFile, string)>();
        foreach (var file in manifest.Files)
        {
            var place = model.FileOf(file.Name);
            if (manifest.OneFile is not null || !File.Exists(place))
            {
                throw new SignatureRefusedException(manifest.OneFile is not null
                    ? $"it signs one file, '{manifest.Name}'. Name that file"
                    : $"it signs the file '{file.Name}', which is missing. Copy the model again");
            }

            // Also in a folder that is ignored, where nobody has looked for links.
            files.Add(RealPath.Of(place) == Path.Combine(RealPath.Of(model.FileOf("")), file.Name) ? (file, place)
                : throw new FileRefusedException(place, "is reached by a symbolic link, which no signature follows. Put the file itself there"));
        }

        return files;
    }

    private static void RequireNoOther(SignedManifest manifest, ModelOnDisk model, string signaturePath)
    {
        string[] ignored = [.. manifest.IgnoredPaths, .. model.NameOf(signaturePath) is { } own ? [own] : Array.Empty<string>()];
        foreach (var name in model.List(ignored))
        {
            if (manifest.Find(name) is null)
            {
                throw new SignatureRefusedException($"it does not have the file '{name}'. Take the file away, sign the model again, or ignore files that are not signed");
            }
        }
    }
}
