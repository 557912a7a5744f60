using System.Text;
using System.Text.Json;
using SecureInference.Pipeline.Auditing;
using SecureInference.Pipeline.Auditing.Log;
using SecureInference.Pipeline.Auditing.Records;

namespace SecureInference.TestSupport;

/// <summary>Reads the folder of an audit log.</summary>
public static class AuditFiles
{
    private static readonly AuditRecordKind[] OfRequests = [AuditRecordKind.Decision, AuditRecordKind.Outcome, AuditRecordKind.Refusals, AuditRecordKind.Gap];

    /// <summary>Returns the records of requests, as JSON.</summary>
    public static IReadOnlyList<JsonElement> Read(string folder) => Read(folder, OfRequests);

    /// <summary>Returns all records, as JSON.</summary>
    public static IReadOnlyList<JsonElement> ReadAll(string folder) => Read(folder, Enum.GetValues<AuditRecordKind>());

    /// <summary>Returns every byte of every file, as text: what is not UTF-8 in it does not matter to whoever looks for words.</summary>
    public static string ReadText(string folder) => string.Concat(Files(folder).Select(static file => Encoding.UTF8.GetString(ReadBytes(file))));

    /// <summary>Returns the bytes of all its files together.</summary>
    public static long SizeOf(string folder) => Files(folder).Sum(static file => new FileInfo(file).Length);

    /// <summary>Checks the log with the key that was made beside it; one that was killed in its first second may not be signed yet.</summary>
    /// <param name="folder">The log's.</param>
    /// <param name="kept">Signed checkpoints that were kept elsewhere: the log must go on from each.</param>
    /// <returns>What is wrong, or <see langword="null"/>.</returns>
    public static string? Verify(string folder, params IEnumerable<byte[]> kept)
    {
        var key = CheckpointKey.FromPem(File.ReadAllText(Path.Combine(folder, "key.pub.pem")));
        Checkpoint[] known = [.. kept.Select(static note => SignedCheckpoint.TryParse(note)?.Checkpoint ?? throw new InvalidDataException("What was kept is no checkpoint."))];
        var failure = new LogVerifier(new DiskFolder(folder), [key]) { AllowsUnfinishedTail = true, Known = known }.Verify().Failure;
        return failure is null or { Kind: LogFailureKind.Unsigned } ? null : failure.Message;
    }

    private static List<JsonElement> Read(string folder, AuditRecordKind[] kinds)
    {
        var records = new List<JsonElement>();
        new LogReader(new DiskFolder(folder)).Read(0, (sequence, bytes, _) =>
        {
            if (AuditRecordReader.TryRead(bytes, sequence, out var record) is { } problem)
            {
                throw new InvalidDataException($"Record {sequence}: {problem}.");
            }

            if (Array.IndexOf(kinds, record!.Kind) >= 0)
            {
                records.Add(Format(record));
            }
        });
        return records;
    }

    private static JsonElement Format(AuditRecord record)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            AuditRecordJson.Write(json, record);
        }

        using var document = JsonDocument.Parse(stream.ToArray());
        return document.RootElement.Clone();
    }

    // The lock is empty, and nobody may open it while the log is written.
    private static IEnumerable<string> Files(string folder) =>
        Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Where(static file => Path.GetFileName(file) != LogNames.Lock);

    // As cat reads it: the writer's lock is for writers.
    private static byte[] ReadBytes(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }
}
