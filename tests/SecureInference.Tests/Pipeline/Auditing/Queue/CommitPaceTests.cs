using System.Diagnostics;
using SecureInference.Pipeline.Auditing;
using SecureInference.Pipeline.Auditing.Records;
using SecureInference.Tests.Abstractions;
using SecureInference.TestSupport;

namespace SecureInference.Tests.Pipeline.Auditing.Queue;

public sealed class CommitPaceTests
{
    [Fact]
    public async Task Append_CommitIntervalOfASecond_CommitsManyRecordsAtOnce()
    {
        var interval = TimeSpan.FromSeconds(1);
        using var messages = new CollectedLog();
        var store = new MemoryStore();
        using var log = new AuditLog(store, [], new AuditOptions { CommitInterval = interval }, Some.LoggingPart<AuditTelemetry>(messages), TimeProvider.System);
        var record = AuditRecordEncoder.Encode(new AuditRecord { Kind = AuditRecordKind.Decision, Time = DateTimeOffset.UnixEpoch, RequestId = "00000000000000aa-1", Operation = "infer", Decision = "allow" });
        var start = Stopwatch.GetTimestamp();
        log.Start();

        for (var number = 0; number < 50; number++)
        {
            log.TryReserve(1);
            log.Append(record);
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }

        await Eventually.TrueAsync(() => store.CommittedSize == 50, TestContext.Current.CancellationToken);

        // Records are gathered for half the interval at least; the first and the last turn may be cut short.
        Assert.InRange(store.Commits, 1, 2 + (Stopwatch.GetElapsedTime(start) / (interval / 2)));
    }
}
