using SecureInference.Pipeline.Auditing;

namespace SecureInference.Tests.Pipeline.Auditing;

/// <summary>Keeps the records it takes, and fails or waits where a test asks it to.</summary>
internal sealed class CollectingAuditSink : IAuditSink
{
    private readonly List<AuditRecord> _records = [];
    private readonly Lock _lock = new();
    private int _offers;

    /// <summary>Gets or sets whether it throws.</summary>
    public bool IsFailing { get; set; }

    /// <summary>Gets or sets whether it throws at the first offer.</summary>
    public bool FailsOnce { get; set; }

    /// <summary>Gets or sets what each batch waits for.</summary>
    public ManualResetEventSlim? Gate { get; set; }

    public int Offers => Volatile.Read(ref _offers);

    public IReadOnlyList<AuditRecord> Records
    {
        get
        {
            lock (_lock)
            {
                return [.. _records];
            }
        }
    }

    public void Write(ReadOnlySpan<AuditRecord> records)
    {
        Interlocked.Increment(ref _offers);
        Gate?.Wait();
        if (IsFailing || (FailsOnce && Offers == 1))
        {
            throw new IOException("The disk is full.");
        }

        lock (_lock)
        {
            _records.AddRange(records);
        }
    }
}
