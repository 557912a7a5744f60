using Microsoft.Win32.SafeHandles;
using SecureInference.Models.Protection.Files;

namespace SecureInference.Models.Protection;

/// <summary>Reads the files of one model, each once, through one door: inside its folder, safe from change by others, decrypted.</summary>
internal sealed class ModelFiles(string model, ModelFolder folder, ModelOptions options, FileModeCheck modes, IModelDecryption? decryption, ModelsTelemetry? telemetry)
{
    /// <summary>The file that the options name.</summary>
    public string ModelPath => folder.File(folder.Name);

    public ModelFolder Folder => folder;

    /// <summary>Reads a file, and decrypts it where it is encrypted.</summary>
    /// <exception cref="ModelLoadException">It is not used; the message says why and what to do.</exception>
    public Task<ReadFile> ReadAsync(string path, bool withHash, CancellationToken cancellationToken) => UseAsync(path, async handle =>
    {
        if (decryption is not null && await IsEncryptedAsync(decryption, handle, cancellationToken))
        {
            await using var stream = new FileStream(handle, FileAccess.Read, bufferSize: 0, isAsync: true);
            return await decryption.DecryptAsync(model, stream, options.ForFile(path), withHash, cancellationToken);
        }

        if (options.RequireEncryption)
        {
            throw new FileRefusedException(path, "is not encrypted, and RequireEncryption is set. Encrypt it with 'secure-inference model encrypt'");
        }

        var (bytes, hash) = await FileContent.ReadAsync(handle, withHash, cancellationToken);
        return new ReadFile(bytes, hash, IsEncrypted: false);
    });

    /// <summary>Reads a small file as it is.</summary>
    /// <exception cref="ModelLoadException">It is not used; the message says why and what to do.</exception>
    public Task<byte[]> ReadPlainAsync(string path, int maxLength, CancellationToken cancellationToken) => UseAsync(path, async handle =>
        RandomAccess.GetLength(handle) <= maxLength
            ? (await FileContent.ReadAsync(handle, withHash: false, cancellationToken)).Bytes
            : throw new FileRefusedException(path, $"is larger than {maxLength >> 20} MiB. Copy the right one there"));

    public ModelLoadException Refuse(string what, Exception? cause = null) => new($"Models:{model}: {what}.", cause);

    public ModelLoadException Refuse(string path, string what, Exception? cause = null) =>
        new($"Models:{model}{(path == ModelPath ? ":Path" : "")}: the file '{path}' {what}.", cause);

    private static async Task<bool> IsEncryptedAsync(IModelDecryption decryption, SafeFileHandle handle, CancellationToken cancellationToken)
    {
        var first = new byte[decryption.FirstBytes];
        var length = 0;
        while (length < first.Length && await RandomAccess.ReadAsync(handle, first.AsMemory(length), length, cancellationToken) is var read and > 0)
        {
            length += read;
        }

        return decryption.IsEncrypted(first.AsSpan(0, length));
    }

    private async Task<T> UseAsync<T>(string path, Func<SafeFileHandle, Task<T>> use)
    {
        try
        {
            using var handle = folder.Open(path);
            RequireModes(handle, path);
            return path != ModelPath || RandomAccess.GetLength(handle) != 0 ? await use(handle) : throw new FileRefusedException(path, "is empty. Copy it again");
        }
        catch (FileRefusedException refused)
        {
            throw Refuse(path, refused.Problem, refused);
        }
        catch (InvalidDataException changed)
        {
            throw Refuse(path, changed.Message, changed);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            throw Refuse(path, "does not exist. Correct the path, or copy the file there", missing);
        }
        catch (UnauthorizedAccessException denied)
        {
            throw Refuse(path, Directory.Exists(path) ? "is a folder. Name the model file in it" : "may not be read by this process. Correct its permissions", denied);
        }
        catch (IOException broken)
        {
            throw Refuse(path, "cannot be read: its disk failed, another process holds it, or it is 2 GiB or larger", broken);
        }
    }

    private void RequireModes(SafeFileHandle handle, string path)
    {
        if ((FileModes.WhyChangeable(handle, path) ?? FileModes.WhySomebodyElses(handle, path)) is not { } problem)
        {
            return;
        }

        if (modes == FileModeCheck.Enforce)
        {
            throw new FileRefusedException(path, $"{problem}; on a mount that has no modes, set FileModes to Warn");
        }

        telemetry?.Changeable(model, path, problem);
    }
}
