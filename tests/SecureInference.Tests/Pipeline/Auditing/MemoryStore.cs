using SecureInference.Pipeline.Auditing.Log;

namespace SecureInference.Tests.Pipeline.Auditing;

/// <summary>Keeps records in memory, and fails or waits where a test asks it to.</summary>
internal sealed class MemoryStore : IAuditStore
{
    private readonly List<byte[]> _records = [];
    private readonly Lock _lock = new();
    private int _commits;
    private int _committed;

    public bool IsFailing { get; set; }

    /// <summary>Gets or sets what each commit waits for.</summary>
    public ManualResetEventSlim? Gate { get; set; }

    public int Commits => Volatile.Read(ref _commits);

    public long CommittedSize => Volatile.Read(ref _committed);

    public IReadOnlyList<byte[]> Records
    {
        get
        {
            lock (_lock)
            {
                return _records[.._committed];
            }
        }
    }

    public long Append(ReadOnlySpan<byte> record)
    {
        lock (_lock)
        {
            _records.Add(record.ToArray());
            return _records.Count - 1;
        }
    }

    public void Commit()
    {
        Interlocked.Increment(ref _commits);
        Gate?.Wait();
        if (IsFailing)
        {
            throw new IOException("There is no space left on the device.");
        }

        lock (_lock)
        {
            _committed = _records.Count;
        }
    }

    public void Dispose()
    {
    }
}
