using System.Collections.Concurrent;
using SecureInference.Pipeline.Auditing;

namespace SecureInference.OpenTelemetry.Tests;

/// <summary>Keeps the records of an app.</summary>
internal sealed class CollectingSink : IAuditSink
{
    private readonly ConcurrentQueue<AuditRecord> _records = new();

    public IReadOnlyCollection<AuditRecord> Records => _records;

    public void Write(ReadOnlySpan<AuditRecord> records)
    {
        foreach (var record in records)
        {
            _records.Enqueue(record);
        }
    }
}
