namespace SecureInference.Models;

/// <summary>Watches folders, each once: systems give a process few watches, and others need them too.</summary>
internal sealed class FolderWatches : IDisposable
{
    /// <summary>Where there are more, polling is enough.</summary>
    private const int MaxFolders = 16;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, (FileSystemWatcher Watcher, List<Action> Touched)> _folders = new(StringComparer.Ordinal);

    /// <summary>Has an action called whenever something in a folder changes.</summary>
    /// <returns>What ends it, or <see langword="null"/> where the folder cannot be watched: on a network file system, say.</returns>
    public IDisposable? TryWatch(string? folder, Action touched)
    {
        lock (_lock)
        {
            if (folder is null || (!_folders.ContainsKey(folder) && !TryAdd(folder)))
            {
                return null;
            }

            _folders[folder].Touched.Add(touched);
            return new Subscription(this, folder, touched);
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            foreach (var (watcher, _) in _folders.Values)
            {
                watcher.Dispose();
            }

            _folders.Clear();
        }
    }

    private bool TryAdd(string folder)
    {
        if (_folders.Count == MaxFolders)
        {
            return false;
        }

        var watcher = default(FileSystemWatcher);
        try
        {
            watcher = new FileSystemWatcher(folder);
            watcher.Changed += (_, _) => Touch(folder);
            watcher.Created += (_, _) => Touch(folder);
            watcher.Renamed += (_, _) => Touch(folder);
            watcher.Deleted += (_, _) => Touch(folder);
            watcher.EnableRaisingEvents = true;
            _folders.Add(folder, (watcher, []));
            return true;
        }
        catch (Exception exception) when (exception is IOException or ArgumentException or UnauthorizedAccessException or PlatformNotSupportedException)
        {
            watcher?.Dispose();
            return false;
        }
    }

    private void Touch(string folder)
    {
        Action[] touched;
        lock (_lock)
        {
            touched = _folders.TryGetValue(folder, out var watched) ? [.. watched.Touched] : [];
        }

        Array.ForEach(touched, static action => action());
    }

    private void Remove(string folder, Action touched)
    {
        var unused = default(FileSystemWatcher);
        lock (_lock)
        {
            if (_folders.TryGetValue(folder, out var watched) && watched.Touched.Remove(touched) && watched.Touched.Count == 0)
            {
                unused = watched.Watcher;
                _folders.Remove(folder);
            }
        }

        unused?.Dispose();
    }

    private sealed class Subscription(FolderWatches watches, string folder, Action touched) : IDisposable
    {
        public void Dispose() => watches.Remove(folder, touched);
    }
}
