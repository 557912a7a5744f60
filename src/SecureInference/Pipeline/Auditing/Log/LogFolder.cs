namespace SecureInference.Pipeline.Auditing.Log;

/// <summary>The file layer of the log. What it did is on disk only when it was synced: the file for its bytes, the folder for its names.</summary>
/// <remarks>All members throw <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/> where the disk does not do as told.</remarks>
internal abstract class LogFolder
{
    /// <summary>Gets what messages call the folder.</summary>
    public abstract string Name { get; }

    /// <summary>Keeps other processes from writing here, until it is disposed.</summary>
    /// <exception cref="IOException">Another process writes here.</exception>
    public abstract IDisposable Lock(string name);

    public abstract IReadOnlyList<string> Names();

    public abstract bool Exists(string name);

    /// <summary>Creates a file that only its owner may read.</summary>
    public abstract LogFile Create(string name);

    public abstract LogFile Open(string name, bool isWritable = false);

    public abstract void Rename(string name, string newName);

    public abstract void Delete(string name);

    /// <summary>Takes the right to write the file from everybody, its owner too.</summary>
    public abstract void MakeReadOnly(string name);

    /// <summary>Says whether others than its owner may read the file.</summary>
    public abstract bool IsOpenToOthers(string name);

    /// <summary>Returns when the file was made; a copy of it was made later.</summary>
    public abstract long BirthOf(string name);

    public abstract void CreateFolder(string name);

    public abstract void Sync();

    public byte[] ReadAll(string name, int maxLength)
    {
        using var file = Open(name);
        if (file.Length > maxLength)
        {
            throw new InvalidDataException($"The file '{name}' in '{Name}' is longer than any of its kind.");
        }

        var bytes = new byte[file.Length];
        var read = 0;
        for (int count; read < bytes.Length && (count = file.Read(bytes.AsSpan(read), read)) > 0;)
        {
            read += count;
        }

        return bytes[..read];
    }

    /// <summary>Replaces a file so that at any time there is either the old one or the new one, whole.</summary>
    public void Replace(string name, ReadOnlySpan<byte> bytes)
    {
        var unfinished = name + LogNames.UnfinishedEnding;
        if (Exists(unfinished))
        {
            Delete(unfinished);
        }

        using (var file = Create(unfinished))
        {
            file.Write(bytes, 0);
            file.Sync();
        }

        Rename(unfinished, name);
        Sync();
    }
}
