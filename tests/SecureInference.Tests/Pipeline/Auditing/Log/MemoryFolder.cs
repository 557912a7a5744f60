using SecureInference.Pipeline.Auditing.Log;

namespace SecureInference.Tests.Pipeline.Auditing.Log;

/// <summary>A disk in memory that forgets what was not synced, and fails when it is told to.</summary>
internal sealed class MemoryFolder : LogFolder
{
    private readonly List<Action<Dictionary<string, MemoryNode>>> _unsyncedNames = [];
    private Dictionary<string, MemoryNode> _syncedNames = [];
    private long _births = 1;

    public override string Name => "memory";

    public Dictionary<string, MemoryNode> Files { get; private set; } = [];

    public bool IsLocked { get; set; }

    /// <summary>Gets or sets how many operations are left before the power goes; negative for ever.</summary>
    public int OperationsLeft { get; set; } = -1;

    /// <summary>Gets or sets what fails: it is asked before each operation with its name and the file's.</summary>
    public Func<string, string, Exception?> Fault { get; set; } = static (_, _) => null;

    /// <summary>Gets or sets whether a write that fails has written half.</summary>
    public bool WritesHalf { get; set; }

    public byte[] this[string name]
    {
        get => Files[name].Content;
        set => Files[name] = new MemoryNode { Content = value, Synced = value, Birth = Files.TryGetValue(name, out var node) ? node.Birth : _births++ };
    }

    public override IDisposable Lock(string name)
    {
        Step("lock", name);
        Files.TryAdd(name, new MemoryNode { Birth = _births++ });
        IsLocked = !IsLocked ? true : throw new IOException("Another process writes here.");
        return new Unlock(this);
    }

    public override IReadOnlyList<string> Names() => [.. Files.Keys.Where(static name => !name.Contains('/', StringComparison.Ordinal))];

    public override bool Exists(string name) => Files.ContainsKey(name) || Files.Keys.Any(file => file.StartsWith(name + "/", StringComparison.Ordinal));

    public override LogFile Create(string name)
    {
        Step("create", name);
        var node = new MemoryNode { Birth = _births++ };
        if (!Files.TryAdd(name, node))
        {
            throw new IOException("It exists.");
        }

        _unsyncedNames.Add(names => names[name] = node);
        return new MemoryFile(this, name, node);
    }

    public override LogFile Open(string name, bool isWritable = false)
    {
        Step("open", name);
        var node = Files.TryGetValue(name, out var found) ? found : throw new FileNotFoundException(name);
        return isWritable && node.IsReadOnly ? throw new UnauthorizedAccessException(name) : new MemoryFile(this, name, node);
    }

    public override void Rename(string name, string newName)
    {
        Step("rename", name);
        Move(Files, name, newName);
        _unsyncedNames.Add(names => Move(names, name, newName));
    }

    public override void Delete(string name)
    {
        Step("delete", name);
        Files.Remove(name);
        _unsyncedNames.Add(names => names.Remove(name));
    }

    public override void MakeReadOnly(string name)
    {
        Step("chmod", name);
        (Files.GetValueOrDefault(name) ?? throw new FileNotFoundException(name)).IsReadOnly = true;
    }

    public override bool IsOpenToOthers(string name) => false;

    public override long BirthOf(string name) => Files[name].Birth;

    public override void CreateFolder(string name)
    {
    }

    public override void Sync()
    {
        Step("sync", "");
        _syncedNames = new(Files);
        _unsyncedNames.Clear();
    }

    /// <summary>Returns the disk as it may be after a power cut: names up to some operation, and of each file what was synced and perhaps more.</summary>
    public MemoryFolder AfterPowerCut(Dice dice)
    {
        var names = new Dictionary<string, MemoryNode>(_syncedNames);
        foreach (var operation in _unsyncedNames.Take(dice.Next(_unsyncedNames.Count + 1)))
        {
            operation(names);
        }

        var folder = new MemoryFolder { _births = _births };
        foreach (var (name, node) in names)
        {
            folder.Files[name] = node.AfterPowerCut(dice);
        }

        folder._syncedNames = new(folder.Files);
        return folder;
    }

    public MemoryFolder Copy()
    {
        var folder = new MemoryFolder { _births = _births };
        foreach (var (name, node) in Files)
        {
            folder.Files[name] = new MemoryNode { Content = [.. node.Content], Synced = [.. node.Content], Birth = node.Birth, IsReadOnly = node.IsReadOnly };
        }

        folder._syncedNames = new(folder.Files);
        return folder;
    }

    public void Step(string operation, string name)
    {
        if (OperationsLeft == 0)
        {
            throw new PowerCutException();
        }

        OperationsLeft -= OperationsLeft > 0 ? 1 : 0;
        if (Fault(operation, name) is { } fault)
        {
            throw fault;
        }
    }

    private static void Move(Dictionary<string, MemoryNode> names, string name, string newName)
    {
        if (names.Remove(name, out var node))
        {
            names[newName] = node;
        }
    }

    private sealed class Unlock(MemoryFolder folder) : IDisposable
    {
        public void Dispose() => folder.IsLocked = false;
    }
}
