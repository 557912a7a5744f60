namespace SecureInference.Models.Protection.Encryption;

/// <summary>Reads a small file that holds a secret, which nobody else may read.</summary>
internal static class SecretFile
{
    private const int MaxLength = 64 * 1024;

    // As for other secrets: Kubernetes lets the group of the pod read what it mounts.
    private const UnixFileMode Forbidden = UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <exception cref="ModelLoadException">It is missing, too large, or others may read it.</exception>
    public static string Read(string option, string path)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(stream.SafeFileHandle) & Forbidden) != 0)
            {
                throw new ModelLoadException($"{option}: the file '{path}' holds a key, and may be read or changed by others. Take that away: chmod 400 {path} (in Kubernetes, defaultMode: 0400 or 0440).");
            }

            using var reader = new StreamReader(stream);
            return stream.Length <= MaxLength ? reader.ReadToEnd() : throw new ModelLoadException($"{option}: the file '{path}' is too large to be a key. Correct the path.");
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ModelLoadException($"{option}: the file '{path}' does not exist. Mount the key there, or correct the path.", missing);
        }
        catch (Exception broken) when (broken is IOException or UnauthorizedAccessException)
        {
            throw new ModelLoadException($"{option}: the file '{path}' cannot be read. Let this process read it, or correct the path.", broken);
        }
    }
}
