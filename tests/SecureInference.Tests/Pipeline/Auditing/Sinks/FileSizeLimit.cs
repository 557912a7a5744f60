namespace SecureInference.Tests.Pipeline.Auditing.Sinks;

/// <summary>Makes a disk that is almost full out of the largest file that a file system allows: sparse, so it takes no space.</summary>
internal static class FileSizeLimit
{
    /// <summary>Leaves so many bytes of room behind a whole line.</summary>
    /// <returns>The length of the file.</returns>
    public static long Fill(string path, int room)
    {
        using var file = new FileStream(path, FileMode.Create, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        var length = FindLimit(file) - room;
        file.SetLength(length - 1);
        RandomAccess.Write(file.SafeFileHandle, "\n"u8, length - 1);
        return length;
    }

    public static string ReadFrom(string path, long start)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
        file.Position = start;
        return new StreamReader(file).ReadToEnd();
    }

    private static long FindLimit(FileStream file)
    {
        var allowed = 0L;
        for (var step = 1L << 62; step > 0; step >>= 1)
        {
            allowed += CanBe(file, allowed + step) ? step : 0;
        }

        return allowed;
    }

    private static bool CanBe(FileStream file, long length)
    {
        try
        {
            file.SetLength(length);
            return true;
        }
        catch (Exception exception) when (exception is IOException or ArgumentException)
        {
            return false;
        }
    }
}
