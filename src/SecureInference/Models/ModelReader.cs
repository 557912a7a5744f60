using System.Security.Cryptography;

namespace SecureInference.Models;

/// <summary>Reads a model file into memory, once.</summary>
internal sealed class ModelReader : IModelReader
{
    public async ValueTask<ModelContent> ReadAsync(string model, string path, ModelOptions options, CancellationToken cancellationToken)
    {
        try
        {
            var bytes = await File.ReadAllBytesAsync(path, cancellationToken);
            return bytes.Length != 0
                ? new ModelContent { Model = bytes, Digest = Convert.ToHexStringLower(SHA256.HashData(bytes)) }
                : throw Refuse(model, path, "is empty. Copy it again");
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            throw Refuse(model, path, "does not exist. Correct the path, or copy the file there", missing);
        }
        catch (UnauthorizedAccessException denied)
        {
            var what = Directory.Exists(path) ? "is a folder. Name the model file in it" : "may not be read by this process. Correct its permissions";
            throw Refuse(model, path, what, denied);
        }
        catch (IOException broken)
        {
            throw Refuse(model, path, "cannot be read: its disk failed, another process holds it, or it is 2 GiB or larger", broken);
        }
    }

    private static ModelLoadException Refuse(string model, string path, string what, Exception? cause = null) =>
        new($"Models:{model}:Path: the file '{path}' {what}.", cause);
}
