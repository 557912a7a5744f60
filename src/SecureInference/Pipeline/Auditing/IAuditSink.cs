namespace SecureInference.Pipeline.Auditing;

/// <summary>Takes audit records.</summary>
/// <remarks>Called on the log's own thread, one batch at a time, in order. It may block: a bounded queue stands before it,
/// and requests are refused while that is full. Where it throws, the batch is offered again, so a record may come twice.</remarks>
public interface IAuditSink
{
    /// <summary>Takes a batch.</summary>
    /// <param name="records">The records; the memory is used again afterwards.</param>
    void Write(ReadOnlySpan<AuditRecord> records);
}
