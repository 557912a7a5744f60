namespace SecureInference.Tool.Audit;

/// <summary>A file that is there whole or not at all: it gets its name when it is finished.</summary>
internal sealed class OutputFile
{
    private readonly string _path;
    private readonly Stream _stream;

    private OutputFile(string path, Stream stream)
    {
        _path = path;
        _stream = stream;
    }

    /// <summary>Writes a file, and leaves what was there where that fails.</summary>
    /// <exception cref="FileTroubleException">It cannot be written.</exception>
    public static void Write(string path, AuditedFolder folder, Action<OutputFile> write)
    {
        var parent = Path.GetDirectoryName(Path.GetFullPath(path));
        if (parent == Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder.Path)))
        {
            throw new WrongUsageException($"'{path}' lies in the folder of the log, where only the server writes. Name a file elsewhere.");
        }

        try
        {
            // It says who did what: others read it only where its owner lets them.
            using var file = new UnfinishedFile(path, isSecret: true);
            write(new OutputFile(path, file.Stream));
            file.Finish(mayReplace: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Trouble(path, exception);
        }
    }

    /// <summary>Appends bytes; who reads a log meanwhile does not take this trouble for the log's.</summary>
    /// <exception cref="FileTroubleException">They cannot be written.</exception>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        try
        {
            _stream.Write(bytes);
        }
        catch (IOException exception)
        {
            throw Trouble(_path, exception);
        }
    }

    private static FileTroubleException Trouble(string path, Exception exception) =>
        new($"'{path}' cannot be written: {exception.Message.TrimEnd('.')}. Check its folder, its rights and its disk. Nothing was written.", exception);
}
