using SecureInference.Pipeline.Auditing;

namespace SecureInference.Tool.Audit;

/// <summary>Keeps the newest records of many, in memory for only so many.</summary>
internal sealed class NewestRecords(int limit)
{
    private readonly Queue<AuditRecord> _records = new();

    /// <summary>Gets how many there were.</summary>
    public long Count { get; private set; }

    public IReadOnlyCollection<AuditRecord> Records => _records;

    public void Add(AuditRecord record)
    {
        Count++;
        if (_records.Count == limit)
        {
            _records.Dequeue();
        }

        _records.Enqueue(record);
    }
}
