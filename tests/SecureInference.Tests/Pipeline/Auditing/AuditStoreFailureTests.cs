using System.Globalization;
using SecureInference.Pipeline.Auditing;
using SecureInference.Pipeline.Auditing.Records;
using SecureInference.Tests.Abstractions;
using SecureInference.TestSupport;

namespace SecureInference.Tests.Pipeline.Auditing;

/// <summary>A disk that is full, slow, or comes back.</summary>
public sealed class AuditStoreFailureTests : IDisposable
{
    private readonly MemoryStore _store = new();
    private readonly CollectedLog _log = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _log.Dispose();

    [Fact]
    public async Task Commit_DiskIsFullThenNot_LosesNothingAndSaysBothOnce()
    {
        _store.IsFailing = true;
        using var log = CreateSut(capacity: 4);
        log.Start();
        Append(log, 4);
        await Eventually.TrueAsync(() => _store.Commits >= 3, Cancelled);

        var hasRoomWhileFailing = log.TryReserve(1);
        var isFailing = log.IsFailing;
        _store.IsFailing = false;
        await Eventually.TrueAsync(() => log.TryReserve(4), Cancelled);

        Assert.False(hasRoomWhileFailing);
        Assert.True(isFailing);
        Assert.False(log.IsFailing);
        Assert.Equal([0, 1, 2, 3], Numbers());
        Assert.Equal([1105, 1106], _log.Entries.Select(entry => entry.EventId));
    }

    [Fact]
    public async Task StopAsync_DiskStillFull_EndsAndCountsWhatIsLost()
    {
        _store.IsFailing = true;
        using var log = CreateSut(capacity: 4);
        log.Start();
        Append(log, 3);
        await Eventually.TrueAsync(() => _store.Commits >= 1, Cancelled);

        await log.StopAsync(Cancelled).WaitAsync(TimeSpan.FromMinutes(1), Cancelled);

        Assert.Contains(_log.Entries, static entry => entry.EventId == 1107);
    }

    [Fact]
    public async Task WaitAsync_DiskIsSlow_EndsWithTheCommitAndHoldsNoThread()
    {
        using var gate = new ManualResetEventSlim();
        _store.Gate = gate;
        using var log = CreateSut(capacity: 2_000, AuditDurability.PerRequest);
        log.Start();

        var waits = Enumerable.Range(0, 1_000).Select(number =>
        {
            log.TryReserve(1);
            return log.WaitAsync(log.Append(AuditRecordEncoder.Encode(Decision(number)))).AsTask();
        }).ToArray();
        var areDone = waits.Any(static wait => wait.IsCompleted);
        gate.Set();

        Assert.False(areDone);
        Assert.All(await Task.WhenAll(waits), Assert.True);
        Assert.Equal(1_000, _store.CommittedSize);
    }

    [Fact]
    public async Task WaitAsync_DiskIsFull_EndsAtOnceAndTheRecordComesLater()
    {
        _store.IsFailing = true;
        using var log = CreateSut(capacity: 4, AuditDurability.PerRequest);
        log.Start();
        log.TryReserve(1);

        var isOnDisk = await log.WaitAsync(log.Append(AuditRecordEncoder.Encode(Decision(7))));
        _store.IsFailing = false;
        await Eventually.TrueAsync(() => _store.CommittedSize == 1, Cancelled);

        Assert.False(isOnDisk);
        Assert.Equal([7], Numbers());
    }

    private static AuditRecord Decision(int number) => new()
    {
        Kind = AuditRecordKind.Decision,
        Time = DateTimeOffset.UnixEpoch,
        RequestId = string.Create(CultureInfo.InvariantCulture, $"00000000000000aa-{number}"),
        Operation = "infer",
        Decision = "allow",
    };

    private static void Append(AuditLog log, int count)
    {
        for (var number = 0; number < count; number++)
        {
            Assert.True(log.TryReserve(1));
            log.Append(AuditRecordEncoder.Encode(Decision(number)));
        }
    }

    private IEnumerable<int> Numbers() => _store.Records.Select(static bytes =>
    {
        Assert.Null(AuditRecordReader.TryRead(bytes, 0, out var record));
        return int.Parse(record!.RequestId.AsSpan(17), CultureInfo.InvariantCulture);
    });

    private AuditLog CreateSut(int capacity, AuditDurability durability = AuditDurability.Batched) => new(
        _store, [], new AuditOptions { QueueCapacity = capacity, Durability = durability, CommitTimeout = TimeSpan.FromMinutes(5) }, Some.LoggingPart<AuditTelemetry>(_log), TimeProvider.System);
}
