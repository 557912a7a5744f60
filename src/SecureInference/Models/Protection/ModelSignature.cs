using SecureInference.Models.Protection.Files;
using SecureInference.Models.Protection.Signing;

namespace SecureInference.Models.Protection;

/// <summary>A signature that holds, and the file it was found in.</summary>
/// <param name="Path">The file.</param>
/// <param name="Signature">The signature.</param>
internal sealed record ModelSignature(string Path, VerifiedSignature Signature)
{
    /// <summary>The signature of all that is in a folder.</summary>
    public const string OfFolder = "model.sig";
    private const string Suffix = ".sig";
    private const string EncryptedSuffix = ".age";

    private SignedManifest Manifest => Signature.Manifest;

    /// <summary>Returns where the signature of a model's file may lie; the first that is there counts.</summary>
    public static IEnumerable<string> PathsFor(string file)
    {
        yield return file + Suffix;
        if (ClearName(file) is var clear && clear != file)
        {
            yield return clear + Suffix;
        }

        yield return System.IO.Path.Combine(System.IO.Path.GetDirectoryName(file) ?? "", OfFolder);
    }

    /// <summary>Returns the name of a file as it is signed: what is signed is in the clear.</summary>
    public static string ClearName(string name) => name.EndsWith(EncryptedSuffix, StringComparison.Ordinal) ? name[..^EncryptedSuffix.Length] : name;

    /// <summary>Finds what is signed of the model's file.</summary>
    /// <param name="name">The file's name.</param>
    /// <exception cref="SignatureRefusedException">It is the signature of another model.</exception>
    public SignedFile Find(string name)
    {
        var clear = ClearName(name);
        if (Manifest.OneFile is { } only)
        {
            return Manifest.Name == clear ? only : throw new SignatureRefusedException(
                $"it was made for a model called '{Manifest.Name}', and this one is '{clear}'. Copy this model's own signature there, or sign it");
        }

        return Manifest.Find(clear) ?? throw new SignatureRefusedException(
            $"it was made for another model: '{clear}' is not among the {Manifest.Files.Count} files that it signs. Copy this model's own signature there, or sign it");
    }

    /// <summary>Finds files that lie beside the model, and that the signature of the folder does not have.</summary>
    /// <exception cref="SignatureRefusedException">There is one.</exception>
    /// <exception cref="FileRefusedException">There is something else than files.</exception>
    public void RequireNoOther(ModelFolder folder)
    {
        // One file, by its own name, is a model of its own whatever lies beside it.
        if (System.IO.Path.GetFileName(Path) != OfFolder || Manifest.OneFile is not null || (Manifest.Files.Count == 1 && Manifest.Name == Manifest.Files[0].Name))
        {
            return;
        }

        foreach (var name in ModelTree.List(folder.Path, [.. Manifest.IgnoredPaths, System.IO.Path.GetFileName(Path)]))
        {
            if (Manifest.Find(name) is null && Manifest.Find(ClearName(name)) is null)
            {
                throw new SignatureRefusedException($"it does not have the file '{name}', which lies beside the model. Take it away, sign the folder again, or set IgnoreUnsignedFiles");
            }
        }
    }
}
