using System.Globalization;

namespace SecureInference.Pipeline.Auditing.Sinks;

/// <summary>A crash may leave half a line at the end of the file: it is moved to a file of its own, never deleted.</summary>
internal static class TornTail
{
    /// <summary>Cuts the file after its last whole line.</summary>
    /// <returns>The length of what is whole.</returns>
    public static long Cut(FileStream file, string path, AuditTelemetry telemetry)
    {
        var whole = WholeLength(file);
        if (whole < file.Length)
        {
            var torn = new byte[file.Length - whole];
            RandomAccess.Read(file.SafeFileHandle, torn, whole);
            var aside = SetAside(path + ".torn-" + whole.ToString(CultureInfo.InvariantCulture), torn);
            file.SetLength(whole);
            telemetry.TornTail(torn.Length, Path.GetFileName(aside));
        }

        return whole;
    }

    /// <summary>Writes to a file that does not exist yet: a log may be torn at one place more than once.</summary>
    private static string SetAside(string path, byte[] torn)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        var free = path;
        for (var number = 2; File.Exists(free); number++)
        {
            free = path + "-" + number.ToString(CultureInfo.InvariantCulture);
        }

        using var stream = new FileStream(free, options);
        stream.Write(torn);
        stream.Flush(flushToDisk: true);
        return free;
    }

    private static long WholeLength(FileStream file)
    {
        Span<byte> block = stackalloc byte[4096];
        var end = file.Length;
        while (end > 0)
        {
            var start = Math.Max(end - block.Length, 0);
            var read = RandomAccess.Read(file.SafeFileHandle, block[..(int)(end - start)], start);
            var newline = block[..read].LastIndexOf((byte)'\n');
            if (newline >= 0)
            {
                return start + newline + 1;
            }

            end = start;
        }

        return 0;
    }
}
