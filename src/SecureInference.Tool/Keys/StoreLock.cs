namespace SecureInference.Tool.Keys;

/// <summary>Keeps a second tool from changing a store while one does: an exclusively opened file beside it.</summary>
internal sealed class StoreLock : IDisposable
{
    /// <summary>A change takes milliseconds: who waits this long waits for a tool that hangs.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private const int WindowsSharingViolation = unchecked((int)0x80070020);
    private const int LinuxWouldBlock = 11;
    private const int MacWouldBlock = 35;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(25);
    private readonly FileStream _file;

    private StoreLock(FileStream file) => _file = file;

    /// <summary>Waits until no other tool changes the store.</summary>
    /// <exception cref="FileTroubleException">Another tool has held the lock for too long.</exception>
    public static async Task<StoreLock> AcquireAsync(string store, TimeProvider time, CancellationToken cancellationToken)
    {
        var path = store + ".lock";
        var start = time.GetTimestamp();
        while (true)
        {
            if (TryOpen(path) is { } file)
            {
                return new StoreLock(file);
            }

            if (time.GetElapsedTime(start) >= Patience)
            {
                throw new FileTroubleException(
                    $"Another tool has been changing the store for {Patience.TotalSeconds} seconds ('{path}' is locked). "
                    + "Try again; if none runs, delete that file.");
            }

            await Task.Delay(Pause, time, cancellationToken);
        }
    }

    /// <summary>Frees the lock, and leaves no file behind.</summary>
    public void Dispose()
    {
        try
        {
            if (!OperatingSystem.IsWindows())
            {
                File.Delete(_file.Name);
            }

            // After the deletion, before the lock goes: whoever opened this file in time to get its lock next sees that it is gone.
            _file.WriteByte(1);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A file that stays is harmless: it is the same lock for the next one.
        }

        _file.Dispose();
    }

    private static FileStream? TryOpen(string path)
    {
        var file = default(FileStream);
        try
        {
            // Whoever may write in this folder must not have root make a file elsewhere.
            if (new FileInfo(path).LinkTarget is not null)
            {
                throw new IOException($"'{path}' is a symbolic link. Remove it.");
            }

            var atClose = OperatingSystem.IsWindows() ? FileOptions.DeleteOnClose : FileOptions.None;
            file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0, atClose);

            // A lock on a deleted file protects nothing: another tool may hold the file that lies there now.
            if (file.Length == 0)
            {
                return file;
            }
        }
        catch (IOException exception) when (exception.HResult is WindowsSharingViolation or LinuxWouldBlock or MacWouldBlock)
        {
        }

        file?.Dispose();
        return null;
    }
}
