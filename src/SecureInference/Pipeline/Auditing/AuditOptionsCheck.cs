using SecureInference.Pipeline.Auditing.Records;

namespace SecureInference.Pipeline.Auditing;

/// <summary>Says what is wrong with the options, and what to write.</summary>
internal static class AuditOptionsCheck
{
    private const int LeastSegment = 64 * 1024;
    private const int LeastPayloadQueue = 1 << 20;

    public static IEnumerable<string> Problems(AuditOptions options) =>
    [
        .. Folders(options),
        .. Queue(options),
        .. Log(options),
        .. Names(options),
    ];

    private static IEnumerable<string> Folders(AuditOptions options)
    {
        if (string.IsNullOrWhiteSpace(options.Directory))
        {
            yield return "Audit:Directory is empty. Write a folder, for example \"audit\".";
        }

        if (options.Payloads != AuditPayloads.None && string.IsNullOrWhiteSpace(options.PayloadDirectory))
        {
            yield return "Audit:PayloadDirectory is empty. Write a folder, for example \"audit-payloads\".";
        }

        if (Same(options.Directory, options.PayloadDirectory) || Same(options.Directory, options.CopyDirectory) || Same(options.PayloadDirectory, options.CopyDirectory))
        {
            yield return "Audit:Directory, Audit:PayloadDirectory and Audit:CopyDirectory name one folder. Give each a folder of its own.";
        }
    }

    private static IEnumerable<string> Queue(AuditOptions options)
    {
        if (options.QueueCapacity < 2)
        {
            yield return $"Audit:QueueCapacity is {options.QueueCapacity}. Write at least 2: a request needs room for its decision and its outcome.";
        }

        if (options.QueueBytes < 4 * AuditFormat.MaxRecordBytes)
        {
            yield return $"Audit:QueueBytes is {options.QueueBytes}. Write at least {4 * AuditFormat.MaxRecordBytes}: a request in flight stands for {2 * AuditFormat.MaxRecordBytes}.";
        }

        if (options.PayloadQueueBytes < LeastPayloadQueue)
        {
            yield return $"Audit:PayloadQueueBytes is {options.PayloadQueueBytes}. Write at least {LeastPayloadQueue}, and more than the largest request and answer take.";
        }

        if (options.CommitTimeout < TimeSpan.FromMilliseconds(10) || options.CommitTimeout > TimeSpan.FromMinutes(10))
        {
            yield return $"Audit:CommitTimeout is {options.CommitTimeout}. Write a time between 00:00:00.010 and 00:10:00.";
        }

        if (options.CommitInterval < TimeSpan.FromMilliseconds(2) || options.CommitInterval > TimeSpan.FromSeconds(1))
        {
            yield return $"Audit:CommitInterval is {options.CommitInterval}. Write a time between 00:00:00.002 and 00:00:01.";
        }

        if (options.RefusalInterval < TimeSpan.FromMilliseconds(10) || options.RefusalInterval > TimeSpan.FromHours(1))
        {
            yield return $"Audit:RefusalInterval is {options.RefusalInterval}. Write a time between 00:00:00.010 and 01:00:00.";
        }
    }

    private static IEnumerable<string> Log(AuditOptions options)
    {
        if (options.CheckpointInterval < TimeSpan.FromMilliseconds(10) || options.CheckpointInterval > TimeSpan.FromHours(1))
        {
            yield return $"Audit:CheckpointInterval is {options.CheckpointInterval}. Write a time between 00:00:00.010 and 01:00:00.";
        }

        if (options.CheckpointRecords < 1)
        {
            yield return $"Audit:CheckpointRecords is {options.CheckpointRecords}. Write at least 1.";
        }

        if (options.SegmentBytes < LeastSegment)
        {
            yield return $"Audit:SegmentBytes is {options.SegmentBytes}. Write at least {LeastSegment}.";
        }

        if (options.SegmentAge < TimeSpan.FromMinutes(1))
        {
            yield return $"Audit:SegmentAge is {options.SegmentAge}. Write at least 00:01:00.";
        }

        if (options.KeepFor < options.SegmentAge)
        {
            yield return $"Audit:KeepFor is {options.KeepFor}. Write at least Audit:SegmentAge, {options.SegmentAge}, or remove it to keep everything.";
        }

        if (options.PreviousKeyFile is not null && options.KeyFile is null)
        {
            yield return "Audit:PreviousKeyFile is set, and Audit:KeyFile is not. Write the new key's file there.";
        }
    }

    private static IEnumerable<string> Names(AuditOptions options)
    {
        foreach (var field in options.OmitFields.Where(static field => !RecordForm.Optional.ContainsKey(field)))
        {
            yield return $"Audit:OmitFields names '{field}'. Write any of: {string.Join(", ", RecordForm.Optional.Keys)}.";
        }
    }

    private static bool Same(string? one, string? other) =>
        !string.IsNullOrWhiteSpace(one) && !string.IsNullOrWhiteSpace(other) && Path.GetFullPath(one) == Path.GetFullPath(other);
}
