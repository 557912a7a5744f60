using System.Text;
using Microsoft.Extensions.Time.Testing;
using SecureInference.Pipeline.Auditing.Log;

namespace SecureInference.Tests.Pipeline.Auditing.Log;

/// <summary>Logs to test with, on a disk in memory.</summary>
internal static class SmallLog
{
    public static LogKeys Keys { get; } = new(SigningKey.Make());

    public static IReadOnlyList<CheckpointKey> Trusted => [Keys.Current.Public];

    public static LogSettings Settings { get; } = new() { CheckpointRecords = 4, SegmentBytes = 900 };

    public static byte[] Record(long number) => Encoding.ASCII.GetBytes($"record {number} {new string('x', (int)(number % 40))}");

    public static LogStore Open(MemoryFolder folder, LogSettings? settings = null, LogKeys? keys = null, FakeTimeProvider? time = null) =>
        LogStore.Open(folder, settings ?? Settings, keys ?? Keys, time ?? new FakeTimeProvider());

    /// <summary>Makes a log of some records, committed two by two, and closed.</summary>
    public static MemoryFolder Make(int records, LogSettings? settings = null, LogKeys? keys = null)
    {
        var folder = new MemoryFolder();
        using var store = Open(folder, settings, keys);
        Append(store, records);
        return folder;
    }

    public static void Append(LogStore store, int records)
    {
        for (var count = 0; count < records; count++)
        {
            store.Append(Record(store.NextSequence));
            if (count % 2 == 1 || count == records - 1)
            {
                store.Commit();
            }
        }
    }

    public static LogVerification Verify(LogFolder folder, params Checkpoint[] known) => new LogVerifier(folder, Trusted) { Known = known }.Verify();

    public static byte[][] Records(LogFolder folder)
    {
        var records = new List<byte[]>();
        new LogReader(folder).Read(0, (_, record, _) => records.Add(record.ToArray()));
        return [.. records];
    }
}
