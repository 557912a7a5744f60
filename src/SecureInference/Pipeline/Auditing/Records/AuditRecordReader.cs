using System.Buffers.Binary;

namespace SecureInference.Pipeline.Auditing.Records;

/// <summary>Reads a record's binary form; whatever the writer would have written otherwise is refused.</summary>
internal static class AuditRecordReader
{
    private const long NanosecondsPerTick = 100;

    /// <param name="source">The record, without the log's framing.</param>
    /// <param name="sequence">Its place in the log.</param>
    /// <param name="record">The record, where it can be read.</param>
    /// <returns>What is wrong with it, or <see langword="null"/>.</returns>
    public static string? TryRead(ReadOnlySpan<byte> source, long sequence, out AuditRecord? record)
    {
        record = null;
        if (source.Length is < AuditFormat.HeaderBytes or > AuditFormat.MaxRecordBytes)
        {
            return $"it has {source.Length} bytes, where a record has {AuditFormat.HeaderBytes} to {AuditFormat.MaxRecordBytes}";
        }

        if (source[0] != AuditFormat.Schema)
        {
            return $"its schema is {source[0]}, and this version reads {AuditFormat.Schema}";
        }

        var kind = (AuditRecordKind)source[1];
        if (AuditFormat.AllowedIn(kind) == 0)
        {
            return $"its kind is {source[1]}, which does not exist";
        }

        if (!TryReadTime(source[2..], out var time))
        {
            return "its time is none that a clock shows";
        }

        var draft = new AuditRecordDraft();
        var fields = new AuditFields(source[AuditFormat.HeaderBytes..]);
        while (fields.MoveNext())
        {
            if ((AuditFormat.AllowedIn(kind) & (1u << (int)fields.Field)) == 0 || !draft.TryRead(fields.Field, fields.Value))
            {
                return $"field {fields.Field} is malformed, or has no place in a record of kind {kind}";
            }
        }

        var missing = AuditFormat.RequiredIn(kind) & ~fields.Seen;
        if (fields.Problem is null && missing == 0)
        {
            record = draft.Complete(kind, sequence, time);
        }

        return fields.Problem ?? (missing == 0 ? null : $"field {(AuditField)System.Numerics.BitOperations.TrailingZeroCount(missing)} is missing");
    }

    private static bool TryReadTime(ReadOnlySpan<byte> source, out DateTimeOffset time)
    {
        var nanoseconds = BinaryPrimitives.ReadInt64LittleEndian(source);
        time = DateTimeOffset.UnixEpoch.AddTicks(nanoseconds / NanosecondsPerTick);
        return nanoseconds % NanosecondsPerTick == 0;
    }
}
