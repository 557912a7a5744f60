using SecureInference.Pipeline.Auditing.Log;

namespace SecureInference.Benchmarks;

/// <summary>A log that keeps nothing: what is left is the cost of what comes before it.</summary>
internal sealed class CountingStore : IAuditStore
{
    private long _size;

    public long CommittedSize { get; private set; }

    public long Append(ReadOnlySpan<byte> record) => _size++;

    public void Commit() => CommittedSize = _size;

    public void Dispose()
    {
    }
}
