namespace SecureInference.Tool.Audit;

/// <summary>A file that is there whole or not at all: it gets its name when it is finished.</summary>
internal sealed class OutputFile : IDisposable
{
    private readonly string _path;
    private readonly string _unfinished;
    private readonly FileStream _stream;
    private bool _isDone;

    private OutputFile(string path)
    {
        _path = path;
        _unfinished = path + ".new";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, BufferSize = 128 * 1024 };
        if (!OperatingSystem.IsWindows())
        {
            // It says who did what: others read it only where its owner lets them.
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        _stream = new FileStream(_unfinished, options);
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
            using var file = new OutputFile(path);
            write(file);
            file._stream.Flush(flushToDisk: true);
            file._stream.Dispose();
            File.Move(file._unfinished, file._path, overwrite: true);
            file._isDone = true;
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

    public void Dispose()
    {
        _stream.Dispose();
        if (!_isDone)
        {
            File.Delete(_unfinished);
        }
    }

    private static FileTroubleException Trouble(string path, Exception exception) =>
        new($"'{path}' cannot be written: {exception.Message.TrimEnd('.')}. Check its folder, its rights and its disk. Nothing was written.", exception);
}
