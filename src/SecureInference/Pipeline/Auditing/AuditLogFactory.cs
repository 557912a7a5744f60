using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SecureInference.Pipeline.Auditing.Log;
using SecureInference.Pipeline.Auditing.Payloads;
using SecureInference.Pipeline.Auditing.Sinks;

namespace SecureInference.Pipeline.Auditing;

/// <summary>Opens the log, its sinks and what keeps payloads, as the options say.</summary>
internal static class AuditLogFactory
{
    public static AuditLog Open(IServiceProvider services)
    {
        var options = services.GetRequiredService<IOptions<AuditOptions>>().Value;
        var environment = services.GetRequiredService<IHostEnvironment>();
        var root = environment.ContentRootPath;
        var telemetry = services.GetRequiredService<AuditTelemetry>();
        var time = services.GetRequiredService<TimeProvider>();
        var payloads = OpenPayloads(options, root);
        IAuditSink[] sinks = [.. OpenSinks(options, root, services), .. services.GetServices<IAuditSink>()];
        var store = OpenStore(options, environment, telemetry, time);
        var log = new AuditLog(store, sinks, options, telemetry, time, payloads) { Checkpoint = new CheckpointFeed(store).Read };
        if (store.Recovery is { IsWorthARecord: true } recovery)
        {
            log.Note(Describe(recovery, time));
        }

        return log;
    }

    private static LogStore OpenStore(AuditOptions options, IHostEnvironment environment, AuditTelemetry telemetry, TimeProvider time)
    {
        try
        {
            var folder = DiskFolder.Make(Path.Combine(environment.ContentRootPath, options.Directory));
            var keys = AuditKeys.Find(options, environment.ContentRootPath) ?? MakeKeys(folder, environment, telemetry);
            var store = LogStore.Open(folder, Settings(options), keys, time);
            Say(store.Recovery, telemetry);
            return store;
        }
        catch (LogAlarmException exception)
        {
            throw new InvalidOperationException($"{exception.Message} Set SecureInference:Audit:WhenTampered to StartNewLog for that one start.", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new InvalidOperationException(
                $"The audit log in '{options.Directory}' cannot be opened. Make the folder writable for this process, and give each process "
                + $"a folder of its own: set SecureInference:Audit:Directory. ({exception.Message})", exception);
        }
    }

    private static LogKeys MakeKeys(DiskFolder folder, IHostEnvironment environment, AuditTelemetry telemetry)
    {
        var keys = LogKeys.FromFolder(folder, out var isMade);
        if (isMade && !environment.IsDevelopment())
        {
            telemetry.KeyMade();
        }

        return keys;
    }

    private static LogSettings Settings(AuditOptions options) => new()
    {
        SyncsEachCommit = options.Durability != AuditDurability.None,
        CheckpointInterval = options.CheckpointInterval,
        CheckpointRecords = options.CheckpointRecords,
        SegmentBytes = options.SegmentBytes,
        SegmentAge = options.SegmentAge,
        KeepFor = options.KeepFor,
        StartsInSpiteOfAlarm = options.WhenTampered == AuditWhenTampered.StartNewLog,
    };

    private static void Say(RecoveryReport recovery, AuditTelemetry telemetry)
    {
        if (recovery.Alarm is { } alarm)
        {
            telemetry.StartedInSpiteOfAlarm(alarm.Message, recovery.SetAside);
        }
        else if (recovery.IsWorthARecord)
        {
            telemetry.Recovered(recovery.Size, recovery.BytesCut, recovery.SetAside);
        }
    }

    private static AuditRecord Describe(RecoveryReport recovery, TimeProvider time) => new()
    {
        Kind = AuditRecordKind.Recovery,
        Time = time.GetUtcNow(),
        Count = recovery.BytesCut,
        LogSize = recovery.Size,
        Detail = recovery.Alarm is { } alarm ? $"{recovery.SetAside}: {alarm.Message}"
            : recovery.SetAside ?? (recovery.Quarantine.Count == 0 ? "not closed" : string.Join(", ", recovery.Quarantine)),
    };

    private static PayloadKeeper? OpenPayloads(AuditOptions options, string root)
    {
        if (options.Payloads == AuditPayloads.None)
        {
            return null;
        }

        var folder = Path.Combine(root, options.PayloadDirectory);
        var keys = options.Payloads == AuditPayloads.Stored ? new CallerKeys(folder, AuditKeys.FindPayloadKey(options, root)) : null;
        return new PayloadKeeper(new PayloadFolder(folder, options.SegmentBytes), new PayloadForm(options.RedactTensors), keys, options.PayloadQueueBytes);
    }

    private static IEnumerable<IAuditSink> OpenSinks(AuditOptions options, string root, IServiceProvider services)
    {
        if (options.CopyDirectory is { } copy)
        {
            yield return OpenCopy(Path.Combine(root, copy), copy, services.GetRequiredService<AuditTelemetry>());
        }

        if (options.WriteToConsole)
        {
            yield return new ConsoleAuditSink(Console.OpenStandardOutput());
        }

        if (options.WriteToLog)
        {
            yield return new LoggerAuditSink(new AuditRecordTelemetry(services.GetRequiredService<ILoggerFactory>()));
        }
    }

    private static FileAuditSink OpenCopy(string path, string name, AuditTelemetry telemetry)
    {
        try
        {
            return new FileAuditSink(path, telemetry);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InvalidOperationException($"The copy of the audit log in '{name}' cannot be opened. Make the folder writable for this process, and its own: set SecureInference:Audit:CopyDirectory.", exception);
        }
    }
}
