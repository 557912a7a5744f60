using System.Security.Cryptography;

namespace SecureInference.Pipeline.Authentication;

/// <summary>Knows when a file has changed; a folder that is swapped above it by symbolic links counts as a change.</summary>
internal sealed class WatchedFile : IDisposable
{
    /// <summary>A file this young may change again without a new time of change: file systems count time in ticks.</summary>
    private static readonly TimeSpan Young = TimeSpan.FromSeconds(2);

    /// <summary>So often the file is read whatever its stamp says: another one with the same length and times may have taken its place.</summary>
    private static readonly TimeSpan Distrust = TimeSpan.FromSeconds(10);

    private readonly string _path;
    private readonly TimeProvider _time;
    private readonly Action _changed;
    private readonly FileSystemWatcher? _watcher;
    private FileStamp? _stamp;
    private byte[]? _hash;
    private bool _wasYoung;
    private long _readAt;
    private volatile bool _wasTouched;

    public WatchedFile(string path, TimeProvider time, Action changed)
    {
        _path = path;
        _time = time;
        _changed = changed;
        _watcher = TryWatch(Path.GetFullPath(path));
    }

    /// <summary>Reads the file if it has changed since it was last read and converted.</summary>
    /// <returns>What it holds, or <see langword="null"/> where it is the same.</returns>
    /// <remarks>A file that could not be read or converted counts as changed the next time.</remarks>
    public T? ReadIfChanged<T>(Func<byte[], T> convert)
        where T : class
    {
        // Looked at before it is read: what changes meanwhile has another stamp the next time.
        var wasTouched = _wasTouched;
        _wasTouched = false;
        var stamp = FileStamp.Of(_path);
        if (stamp == _stamp && !_wasYoung && !wasTouched && _time.GetElapsedTime(_readAt) < Distrust)
        {
            return null;
        }

        // Until all of this is done, nothing is known of it: a failure must not pass for "the same" the next time.
        _stamp = null;
        var bytes = File.ReadAllBytes(_path);
        var hash = SHA256.HashData(bytes);
        var isSame = _hash is not null && hash.AsSpan().SequenceEqual(_hash);
        var content = isSame ? null : convert(bytes);
        _stamp = stamp;
        _hash = hash;
        _readAt = _time.GetTimestamp();
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
    private FileSystemWatcher? TryWatch(string path)
    {
        var watcher = default(FileSystemWatcher);
        try
        {
            watcher = new FileSystemWatcher(Path.GetDirectoryName(path) ?? path);
            watcher.Changed += OnEvent;
            watcher.Created += OnEvent;
            watcher.Renamed += OnEvent;
            watcher.Deleted += OnEvent;
            watcher.EnableRaisingEvents = true;
            return watcher;
        }
        catch (Exception exception) when (exception is IOException or ArgumentException or UnauthorizedAccessException or PlatformNotSupportedException)
        {
            watcher?.Dispose();
            return null;
        }
    }

    // A busy folder (a log beside the file) must not have it read all the time. Mounts of Kubernetes swap a link that begins with two dots.
    private void OnEvent(object sender, FileSystemEventArgs change)
    {
        if (change.Name is { } name && (name == Path.GetFileName(_path) || name.StartsWith("..", StringComparison.Ordinal)))
        {
            _wasTouched = true;
            _changed();
        }
    }
}
