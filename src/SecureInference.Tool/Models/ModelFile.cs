using SecureInference.Onnx.Admission.Reading;

namespace SecureInference.Tool.Models;

/// <summary>Reads a model file whole, and shows how far it is where that takes a while.</summary>
internal sealed class ModelFile(ToolConsole console, string path)
{
    private const int Chunk = 8 << 20;
    private const int MostFilesBeside = 1_000;

    /// <summary>Smaller files are read before anybody could read a line about it.</summary>
    private const long ShowsProgressFrom = 256L << 20;

    /// <exception cref="FileTroubleException">The file cannot be read.</exception>
    /// <exception cref="RefusedException">The file is encrypted.</exception>
    public async Task<byte[]> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.Asynchronous | FileOptions.SequentialScan);
            if (!file.CanSeek)
            {
                throw new FileTroubleException($"'{path}' is not a plain file. Name the model file.");
            }

            if (file.Length > Array.MaxLength)
            {
                throw new FileTroubleException($"The file '{path}' is larger than 2 GiB, which an ONNX file cannot be. Save the model with its data in files of their own.");
            }

            var bytes = GC.AllocateUninitializedArray<byte>((int)file.Length);
            await FillAsync(file, bytes, cancellationToken);
            return FileFormat.NameOf(bytes) is { } format && format.StartsWith("encrypted", StringComparison.Ordinal)
                ? throw new RefusedException($"The file '{path}' is {format}: what is in it cannot be seen. Open it first with 'secure-inference model decrypt'.")
                : bytes;
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new FileTroubleException($"The file '{path}' does not exist. Correct the path.", missing);
        }
        catch (UnauthorizedAccessException denied)
        {
            throw new FileTroubleException(Directory.Exists(path) ? $"'{path}' is a folder. Name the model file in it." : $"The file '{path}' may not be read. Correct its permissions.", denied);
        }
        catch (IOException broken)
        {
            throw new FileTroubleException($"The file '{path}' cannot be read: {broken.Message.TrimEnd('.')}.", broken);
        }
    }

    /// <summary>Returns the lengths of the files in the model's folder, as a signature of the folder would list them.</summary>
    public IReadOnlyDictionary<string, long> FindBeside()
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path)) ?? "/";
        var options = new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 2, AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = true };
        try
        {
            return new DirectoryInfo(folder).EnumerateFiles("*", options).Take(MostFilesBeside)
                .ToDictionary(file => Path.GetRelativePath(folder, file.FullName).Replace('\\', '/'), static file => file.Length, StringComparer.Ordinal);
        }
        catch (IOException)
        {
            // The folder changes meanwhile: what is not found is reported as not listed.
            return new Dictionary<string, long>();
        }
    }

    private async Task FillAsync(FileStream file, byte[] bytes, CancellationToken cancellationToken)
    {
        var shows = !console.IsPlain && bytes.Length >= ShowsProgressFrom;
        var read = 0;
        while (read < bytes.Length)
        {
            var more = await file.ReadAsync(bytes.AsMemory(read, Math.Min(Chunk, bytes.Length - read)), cancellationToken);
            if (more == 0)
            {
                throw new FileTroubleException($"The file '{path}' became shorter while it was read. Try again once it is complete.");
            }

            read += more;
            if (shows)
            {
                await console.Error.WriteAsync($"\rReading {read * 100L / bytes.Length} %");
            }
        }

        if (shows)
        {
            await console.Error.WriteAsync("\r              \r");
        }
    }
}
