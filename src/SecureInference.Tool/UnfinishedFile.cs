using System.Security.Cryptography;

namespace SecureInference.Tool;

/// <summary>A file on its way: it has a name that nobody guesses, beside its place, and goes away unless it is finished.</summary>
internal sealed class UnfinishedFile : IDisposable
{
    private readonly string _place;
    private readonly string _path;

    /// <param name="place">Where it goes.</param>
    /// <param name="isSecret">Whether only its owner may read it.</param>
    /// <exception cref="IOException">It cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be made.</exception>
    public UnfinishedFile(string place, bool isSecret)
    {
        _place = Path.GetFullPath(place);
        _path = Path.Combine(Path.GetDirectoryName(_place) ?? "/", $".{Path.GetFileName(_place)}.{RandomNumberGenerator.GetHexString(8, lowercase: true)}.tmp");

        // New: a link that somebody left under the name must not be followed.
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 1 << 20 };
        if (isSecret && !OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        Stream = new FileStream(_path, options);
    }

    public FileStream Stream { get; }

    /// <summary>Puts it in its place, once it is on the disk.</summary>
    /// <exception cref="IOException">It cannot be put there.</exception>
    public void Finish(bool mayReplace)
    {
        Stream.Flush(flushToDisk: true);
        Stream.Dispose();
        File.Move(_path, _place, mayReplace);
    }

    public void Dispose()
    {
        Stream.Dispose();

        // Nothing is there under this name once it is finished.
        File.Delete(_path);
    }
}
