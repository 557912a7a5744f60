using System.Globalization;
using SecureInference.Pipeline.Auditing;
using SecureInference.Pipeline.Auditing.Log;
using SecureInference.Pipeline.Auditing.Records;

namespace SecureInference.Tool.Tests.Audit;

/// <summary>A log that the real writer wrote, and the tool beside it.</summary>
internal sealed class AuditFixture : IDisposable
{
    public const string Request = "0123456789abcdef-7";

    public AuditFixture()
    {
        PublicKey = Path.Combine(Tool.Folder, "audit.pub.pem");
        File.WriteAllText(PublicKey, Keys.Current.Public.Pem);
    }

    public ToolFixture Tool { get; } = new();

    public LogKeys Keys { get; } = new(SigningKey.Make());

    public string Log => PathOf("audit");

    public string PublicKey { get; }

    public string Checkpoint => Path.Combine(Log, LogNames.Checkpoint);

    public string Origin => File.ReadLines(Checkpoint).First();

    public static AuditRecord Decision(string id = Request, string? caller = "shop", string? model = "digits", string? rule = null, DateTimeOffset? time = null) => new()
    {
        Kind = AuditRecordKind.Decision,
        Time = time ?? ToolFixture.Start,
        RequestId = id,
        Caller = caller,
        Model = model,
        Operation = "infer",
        Network = "203.0.113.0/24",
        Decision = rule is null ? "allow" : "refuse",
        Rule = rule,
        Inputs = [new AuditTensor("image", TensorDataType.Float32, [1, 784], 3136)],
        InputCount = 1,
    };

    public static AuditRecord Outcome(string id = Request, string? caller = "shop", string? model = "digits", int status = 200, double milliseconds = 5, DateTimeOffset? time = null) => new()
    {
        Kind = AuditRecordKind.Outcome,
        Time = time ?? ToolFixture.Start,
        RequestId = id,
        Caller = caller,
        Model = model,
        Operation = "infer",
        Status = status,
        Rows = status == 200 ? 2 : null,
        Cost = 3,
        Duration = TimeSpan.FromMilliseconds(milliseconds),
        Outputs = [new AuditTensor("scores", TensorDataType.Float32, [1, 10], 40)],
        OutputCount = 1,
    };

    public static AuditRecord Of(AuditRecordKind kind, long? count = null, string? detail = null) => new() { Kind = kind, Time = ToolFixture.Start, Count = count, Detail = detail };

    public static string Id(int number) => string.Create(CultureInfo.InvariantCulture, $"0123456789abcdef-{number}");

    /// <summary>Returns pairs of a decision and an outcome.</summary>
    public static AuditRecord[] Requests(int count) =>
        [.. Enumerable.Range(0, count).SelectMany(static number => new[] { Decision(Id(number)), Outcome(Id(number)) })];

    public string PathOf(string name) => Path.Combine(Tool.Folder, name);

    public string Segment(int number) => Path.Combine(Log, LogNames.SealedSegment(number));

    public LogStore Open(LogSettings? settings = null, LogKeys? keys = null) =>
        LogStore.Open(DiskFolder.Make(Log), settings ?? new LogSettings { CheckpointInterval = TimeSpan.Zero, SegmentBytes = 2_000 }, keys ?? Keys, Tool.Time);

    public static void Append(LogStore store, params IEnumerable<AuditRecord> records)
    {
        foreach (var record in records)
        {
            store.Append(AuditRecordEncoder.Encode(record));
            store.Commit();
        }
    }

    /// <summary>Writes a log, and closes it.</summary>
    public AuditFixture Write(params IEnumerable<AuditRecord> records)
    {
        using var store = Open();
        Append(store, records);
        return this;
    }

    /// <summary>Copies the log as it lies there, as of a server that was killed now.</summary>
    public string Copy(string name)
    {
        var copy = Directory.CreateDirectory(PathOf(name)).FullName;
        foreach (var file in Directory.EnumerateFiles(Log).Where(static file => Path.GetFileName(file) != LogNames.Lock))
        {
            File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        }

        return copy;
    }

    public string Keep(string name, byte[] note)
    {
        File.WriteAllBytes(PathOf(name), note);
        return PathOf(name);
    }

    /// <summary>Changes the bytes of a file that the server made read-only.</summary>
    public static void Change(string path, Func<byte[], byte[]> change)
    {
        var bytes = change(File.ReadAllBytes(path));
        File.Delete(path);
        File.WriteAllBytes(path, bytes);
    }

    public Task<ToolAnswer> RunAsync(params string[] arguments) => Tool.RunAsync(["audit", .. arguments]);

    public Task<ToolAnswer> VerifyAsync(params string[] more) => RunAsync(["verify", Log, "--public-key", PublicKey, .. more]);

    public void Dispose()
    {
        Keys.Dispose();
        Tool.Dispose();
    }
}
