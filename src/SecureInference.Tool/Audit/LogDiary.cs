using SecureInference.Pipeline.Auditing;
using SecureInference.Pipeline.Auditing.Records;

namespace SecureInference.Tool.Audit;

/// <summary>Gathers what a log says of itself: from when to when, what it lost, and how its server ended.</summary>
internal sealed class LogDiary
{
    private bool _isRunning;

    public long Requests { get; private set; }

    /// <summary>Gets the records that there was no room for.</summary>
    public long Lost { get; private set; }

    public long Recoveries { get; private set; }

    public long BytesCut { get; private set; }

    /// <summary>Gets the starts whose stop is missing, though another start follows: the process died.</summary>
    public long UncleanEnds { get; private set; }

    public long Erasures { get; private set; }

    public long Unreadable { get; private set; }

    public DateTimeOffset? First { get; private set; }

    public DateTimeOffset? Last { get; private set; }

    public void Add(ReadOnlySpan<byte> bytes, long sequence)
    {
        if (AuditRecordReader.TryRead(bytes, sequence, out var record) is not null || record is null)
        {
            Unreadable++;
            return;
        }

        First ??= record.Time;
        Last = record.Time;
        Requests += record.Kind == AuditRecordKind.Decision ? 1 : 0;
        Lost = record.Kind == AuditRecordKind.Gap ? SaturatingSum.Of(Lost, record.Count ?? 0) : Lost;
        Recoveries += record.Kind == AuditRecordKind.Recovery ? 1 : 0;
        BytesCut = record.Kind == AuditRecordKind.Recovery ? SaturatingSum.Of(BytesCut, record.Count ?? 0) : BytesCut;
        Erasures += record.Kind == AuditRecordKind.Tombstone ? 1 : 0;
        UncleanEnds += record.Kind == AuditRecordKind.Start && _isRunning ? 1 : 0;
        _isRunning = record.Kind switch
        {
            AuditRecordKind.Start => true,
            AuditRecordKind.Stop => false,
            _ => _isRunning,
        };
    }
}
