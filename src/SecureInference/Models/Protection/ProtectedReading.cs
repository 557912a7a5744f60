using System.Security.Cryptography;
using SecureInference.Models.Protection.Files;
using SecureInference.Models.Protection.Signing;

namespace SecureInference.Models.Protection;

/// <summary>One load of one model: its signature first, then its files, then whether these are what was signed. What was checked is what is handed on.</summary>
internal sealed class ProtectedReading(ModelFiles files, ModelOptions options, TimeProvider time) : IDisposable
{
    private readonly List<byte[]> _read = [];

    /// <summary>Finds the signature of the model's file.</summary>
    public string? FindSignature() => ModelSignature.PathsFor(files.ModelPath).FirstOrDefault(File.Exists);

    /// <summary>Checks a signature, and that it is of this model.</summary>
    /// <exception cref="ModelLoadException">It does not hold, or is of another.</exception>
    public async Task<ModelSignature> VerifyAsync(string path, SignatureTrust trust, CancellationToken cancellationToken)
    {
        var bytes = await files.ReadPlainAsync(path, SignatureBundle.MaxLength, cancellationToken);
        return Check(path, () =>
        {
            var signature = new ModelSignature(path, SignatureVerifier.Verify(SignatureBundle.Parse(bytes), trust, time.GetUtcNow()));
            signature.Find(files.Folder.Name);
            return signature;
        });
    }

    /// <summary>Reads a model that nobody vouches for.</summary>
    public async Task<ModelContent> ReadUnsignedAsync(CancellationToken cancellationToken)
    {
        var file = await ReadAsync(files.ModelPath, withHash: true, cancellationToken);
        var digest = Convert.ToHexStringLower(file.Hash ?? SHA256.HashData(file.Bytes));
        return HandOn(new ModelContent { Model = file.Bytes, Digest = digest, Protection = new ModelProtection(Signer: null, file.IsEncrypted) });
    }

    /// <summary>Reads a model and all that is signed with it.</summary>
    public async Task<ModelContent> ReadSignedAsync(ModelSignature signature, CancellationToken cancellationToken)
    {
        var manifest = signature.Signature.Manifest;
        var own = signature.Find(files.Folder.Name);
        var found = new List<(SignedFile File, byte[] Bytes, byte[]? Hash)>(manifest.Files.Count);
        var isEncrypted = true;
        foreach (var file in manifest.Files)
        {
            var path = file == own ? files.ModelPath : FindBeside(file.Name);
            var read = await ReadAsync(path, withHash: file.Pieces.Length == 1, cancellationToken);
            found.Add((file, read.Bytes, read.Hash));
            isEncrypted &= read.IsEncrypted;
        }

        await Task.Run(() => Check(signature.Path, () => RequireContent(signature, found, cancellationToken)), CancellationToken.None);
        return HandOn(new ModelContent
        {
            Model = found.Single(read => read.File == own).Bytes,
            Digest = manifest.RootDigest,
            Files = found.Where(read => read.File != own).ToDictionary(static read => read.File.Name, static read => read.Bytes, StringComparer.Ordinal),
            Protection = new ModelProtection(signature.Signature.Signer, isEncrypted),
        });
    }

    /// <summary>Wipes what was read and not handed on.</summary>
    public void Dispose() => _read.ForEach(static bytes => CryptographicOperations.ZeroMemory(bytes));

    private bool RequireContent(ModelSignature signature, List<(SignedFile File, byte[] Bytes, byte[]? Hash)> found, CancellationToken cancellationToken)
    {
        ContentCheck.Require(signature.Signature.Manifest, found, cancellationToken);
        if (!options.IgnoreUnsignedFiles)
        {
            signature.RequireNoOther(files.Folder);
        }

        return true;
    }

    // What is signed is the clear file, which may lie here encrypted.
    private string FindBeside(string name) => files.Folder.File(name) is var path && !File.Exists(path) && File.Exists(path + ".age") ? path + ".age" : path;

    private async Task<ReadFile> ReadAsync(string path, bool withHash, CancellationToken cancellationToken)
    {
        var file = await files.ReadAsync(path, withHash, cancellationToken);
        _read.Add(file.Bytes);
        return file;
    }

    private ModelContent HandOn(ModelContent content)
    {
        if (options.PinnedDigests.Count != 0 && !options.PinnedDigests.Contains(content.Digest))
        {
            throw files.Refuse($"the digest of '{files.ModelPath}' is {content.Digest}, which is none of PinnedDigests. Add it there, if this is the model that is meant");
        }

        _read.Clear();
        return content;
    }

    private T Check<T>(string path, Func<T> check)
    {
        try
        {
            return check();
        }
        catch (SignatureRefusedException refused)
        {
            throw files.Refuse($"the signature '{path}' is refused: {refused.Message}", refused);
        }
        catch (FileRefusedException refused)
        {
            throw files.Refuse(refused.Message, refused);
        }
    }
}
