using SecureInference.Models.Protection.Files;

namespace SecureInference.Models.Protection.Encryption;

/// <summary>Reads a small file that holds a secret, which nobody else may read.</summary>
internal static class SecretFile
{
    private const int MaxLength = 64 * 1024;

    /// <exception cref="ModelLoadException">It is missing, too large, or others may read it.</exception>
    public static string Read(string option, string path)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            if (FileModes.WhyNoSecret(stream.SafeFileHandle, path) is { } problem)
            {
                throw new ModelLoadException($"{option}: the file '{path}' holds a key, and {problem}.");
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
