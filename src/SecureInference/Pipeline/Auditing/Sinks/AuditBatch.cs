using SecureInference.Pipeline.Auditing.Queue;
using SecureInference.Pipeline.Auditing.Records;

namespace SecureInference.Pipeline.Auditing.Sinks;

/// <summary>Records that the log has taken, on their way to the sinks. Until the last sink has them they stand against the queue's bound.</summary>
internal sealed class AuditBatch(AuditQueue queue, RecordBlock[] blocks, string? checkpoint, int sinks)
{
    private readonly Lazy<AuditRecord[]> _records = new(() => Decode(blocks));
    private int _holders = sinks;

    /// <summary>Gets the records as sinks take them; made once for all of these.</summary>
    public AuditRecord[] Records => _records.Value;

    /// <summary>Gets the signed note that came after the records, where one did.</summary>
    public string? Checkpoint => checkpoint;

    public void Release()
    {
        if (Interlocked.Decrement(ref _holders) == 0)
        {
            foreach (var block in blocks)
            {
                queue.Free(block);
            }
        }
    }

    private static AuditRecord[] Decode(RecordBlock[] blocks)
    {
        var records = new List<AuditRecord>(blocks.Sum(static block => block.Count));
        foreach (var block in blocks)
        {
            for (var (index, place) = (0, 0); index < block.Count; index++)
            {
                var bytes = block.Read(ref place, out var sequence);
                if (AuditRecordReader.TryRead(bytes, sequence, out var record) is { } problem)
                {
                    throw new InvalidOperationException($"A record of the log's own making cannot be read: {problem}.");
                }

                records.Add(record!);
            }
        }

        return [.. records];
    }
}
