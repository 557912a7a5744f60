using SecureInference.Pipeline.Auditing;
using SecureInference.Pipeline.Auditing.Log;
using SecureInference.Pipeline.Auditing.Records;

namespace SecureInference.Tool.Audit;

/// <summary>Reads the records of a log: those that are proven, where a key is given; else those that are there.</summary>
internal sealed class LogRecords(AuditedFolder folder, LogProgress progress)
{
    /// <summary>Gets who is told of a record that this version cannot read, and why.</summary>
    public Action<long, string> Unreadable { get; init; } = static (_, _) => { };

    /// <summary>Shows the records, in order.</summary>
    /// <exception cref="LogFailedException">The log does not verify; nothing was shown, unless somebody changed it meanwhile.</exception>
    public RecordsRead Read(Action<AuditRecord> visit) => folder.Trusted.Count == 0 ? ReadUnproven(visit) : ReadProven(visit);

    private RecordsRead ReadProven(Action<AuditRecord> visit)
    {
        var checkedLog = progress.Run("Checking", visitor => folder.Verify(visitor, []));
        if (checkedLog.Failure is { } failure)
        {
            throw new LogFailedException(failure);
        }

        if (checkedLog.Checkpoint is not { } checkpoint)
        {
            return new RecordsRead(checkedLog, 0, checkedLog.SignedSize);
        }

        // Read again, and checked again while it is: what is shown are the very bytes that the checkpoint signs, whoever writes meanwhile.
        var read = progress.Run("Reading", visitor => folder.Verify(
            (sequence, record, leaf) =>
            {
                visitor(sequence, record, leaf);
                if (sequence < checkpoint.Size)
                {
                    Decode(sequence, record, visit);
                }
            },
            [checkpoint.Checkpoint]));
        return read.Failure is { } changed ? throw new LogFailedException(changed) : new RecordsRead(checkedLog, checkedLog.Size - checkpoint.Size, checkpoint.Size);
    }

    private RecordsRead ReadUnproven(Action<AuditRecord> visit)
    {
        var contents = folder.Reading(() => LogContents.Read(folder.Disk, []));
        if (contents.Segments.Count == 0)
        {
            throw new LogFailedException(contents.Failure ?? new LogFailure(LogFailureKind.NoLog, "there is no log in the folder."));
        }

        var (next, hasHole) = (-1L, false);
        var end = progress.Run("Reading", visitor => folder.Reading(() => new LogReader(folder.Disk).Read(0, (sequence, record, leaf) =>
        {
            visitor(sequence, record, leaf);
            hasHole |= next >= 0 && sequence != next;
            next = sequence + 1;
            Decode(sequence, record, visit);
        })));
        return new RecordsRead(null, 0, end) { IsShort = hasHole || contents.Checkpoint?.Size > end };
    }

    private void Decode(long sequence, ReadOnlySpan<byte> bytes, Action<AuditRecord> visit)
    {
        if (AuditRecordReader.TryRead(bytes, sequence, out var record) is { } problem)
        {
            Unreadable(sequence, problem);
        }
        else if (record is not null)
        {
            visit(record);
        }
    }
}
