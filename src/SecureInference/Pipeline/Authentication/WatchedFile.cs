using System.Security.Cryptography;

namespace SecureInference.Pipeline.Authentication;

/// <summary>Knows when a file has changed; a folder that is swapped above it by symbolic links counts as a change.</summary>
internal sealed class WatchedFile : IDisposable
{
    /// <summary>A file this young may change again without a new time of change: file systems count time in ticks.</summary>
    private static readonly TimeSpan Young = TimeSpan.FromSeconds(2);

    private readonly string _path;
    private readonly TimeProvider _time;
    private readonly FileSystemWatcher? _watcher;
    private Stamp? _stamp;
    private byte[]? _hash;
    private bool _wasYoung;

    public WatchedFile(string path, TimeProvider time, Action changed)
    {
        _path = path;
        _time = time;
        _watcher = TryWatch(path, changed);
    }

    /// <summary>Reads the file if it has changed since it was last read and converted.</summary>
    /// <returns>What it holds, or <see langword="null"/> where it is the same.</returns>
    /// <remarks>A file that could not be read or converted counts as changed the next time.</remarks>
    public T? ReadIfChanged<T>(Func<byte[], T> convert)
        where T : class
    {
        // Looked at before it is read: what changes meanwhile has another stamp the next time.
        var stamp = Stamp.Of(_path);
        if (stamp == _stamp && !_wasYoung)
        {
            return null;
        }

        var bytes = File.ReadAllBytes(_path);
        var hash = SHA256.HashData(bytes);
        var isSame = _hash is not null && hash.AsSpan().SequenceEqual(_hash);
        var content = isSame ? null : convert(bytes);
        _stamp = stamp;
        _hash = hash;
        _wasYoung = (_time.GetUtcNow().UtcDateTime - stamp.LastWrite).Duration() < Young;
        return content;
    }

    /// <summary>Counts the file as changed, where what it is converted by has changed.</summary>
    public void Forget()
    {
        _stamp = null;
        _hash = null;
    }

    public void Dispose() => _watcher?.Dispose();

    // The watch saves the wait for the next poll; where it is not to be had (a network file system, too many watches), the poll is enough.
    private static FileSystemWatcher? TryWatch(string path, Action changed)
    {
        var watcher = default(FileSystemWatcher);
        try
        {
            watcher = new FileSystemWatcher(Path.GetDirectoryName(Path.GetFullPath(path))!); // A file stands in a folder.
            watcher.Changed += (_, _) => changed();
            watcher.Created += (_, _) => changed();
            watcher.Renamed += (_, _) => changed();
            watcher.Deleted += (_, _) => changed();
            watcher.EnableRaisingEvents = true;
            return watcher;
        }
        catch (Exception exception) when (exception is IOException or ArgumentException or UnauthorizedAccessException or PlatformNotSupportedException)
        {
            watcher?.Dispose();
            return null;
        }
    }

    /// <summary>What tells one state of the file from the next without reading it.</summary>
    private readonly record struct Stamp(DateTime LastWrite, DateTime Creation, long Length)
    {
        public static Stamp Of(string path)
        {
            var info = new FileInfo(path);
            var target = info.LinkTarget is null ? info : info.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? info;
            return target.Exists ? new Stamp(target.LastWriteTimeUtc, target.CreationTimeUtc, target.Length) : default;
        }
    }
}
