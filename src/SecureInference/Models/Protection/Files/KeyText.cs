using System.Text;

namespace SecureInference.Models.Protection.Files;

/// <summary>Reads a small file with a key that everybody may know, and nobody else may change.</summary>
internal static class KeyText
{
    /// <param name="path">The file; it may be a link, as mounts of secrets have them.</param>
    /// <param name="maxLength">The most bytes.</param>
    /// <param name="problem">Why others may change it; the rest of a sentence.</param>
    /// <exception cref="FileRefusedException">It is no key.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static string Read(string path, int maxLength, out string? problem)
    {
        if (FileFacts.Of(RealPath.Of(path)) is { IsRegular: false })
        {
            throw new FileRefusedException(path, "is no plain file. Name the file with the key");
        }

        using var handle = File.OpenHandle(path);
        problem = FileModes.WhyChangeable(handle, path);
        if (RandomAccess.GetLength(handle) > maxLength)
        {
            throw new FileRefusedException(path, "is too large for a key. Correct the path");
        }

        using var stream = new FileStream(handle, FileAccess.Read);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
