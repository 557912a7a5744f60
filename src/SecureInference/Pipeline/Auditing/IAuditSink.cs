namespace SecureInference.Pipeline.Auditing;

/// <summary>Takes audit records, once the log has taken them.</summary>
/// <remarks>Called on a thread of its own, one batch at a time, in order. It may block: what waits for it stands against the bound of the queue,
/// and requests are refused (or records dropped, as the options say) once that is full. Where it throws, the batch is offered again, so a record may come twice.</remarks>
public interface IAuditSink
{
    /// <summary>Takes a batch.</summary>
    /// <param name="records">The records.</param>
    void Write(ReadOnlySpan<AuditRecord> records);

    /// <summary>Takes a checkpoint: a C2SP signed note, which shows later that nothing before it was changed. The default does nothing.</summary>
    /// <param name="note">The note.</param>
    void WriteCheckpoint(string note)
    {
    }
}
