using System.Globalization;
using SecureInference.Pipeline.Auditing;
using SecureInference.Pipeline.Auditing.Records;
using SecureInference.Tests.Abstractions;
using SecureInference.TestSupport;

namespace SecureInference.Tests.Pipeline.Auditing;

public sealed class AuditLogTests : IDisposable
{
    private readonly CollectingAuditSink _sink = new();
    private readonly MemoryStore _store = new();
    private readonly CollectedLog _log = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _log.Dispose();

    [Fact]
    public async Task TryReserve_QueueIsFull_RefusesUntilRecordsAreWritten()
    {
        using var log = CreateSut(capacity: 4);

        Assert.True(log.TryReserve(2));
        Assert.True(log.TryReserve(2));
        Assert.False(log.TryReserve(1));
        Append(log, 4);
        log.Start();

        await Eventually.TrueAsync(() => log.TryReserve(4), Cancelled);
        Assert.False(log.TryReserve(1));
        Assert.Equal(4, _sink.Records.Count);
    }

    [Fact]
    public void Release_ReservationThatIsNotUsed_MakesRoom()
    {
        using var log = CreateSut(capacity: 2);
        log.TryReserve(2);

        log.Release(2);

        Assert.True(log.TryReserve(2));
    }

    [Fact]
    public void Dispose_NeverStarted_DoesNotThrow()
    {
        var log = CreateSut(capacity: 2);

        Assert.Null(Record.Exception(log.Dispose));
    }

    [Fact]
    public void Dispose_RecordsQueuedAndNotStopped_PassesThemOn()
    {
        var log = CreateSut(capacity: 10_000);
        log.TryReserve(5_000);
        Append(log, 5_000);
        log.Start();

        log.Dispose();

        Assert.Equal(5_000, _sink.Records.Count);
    }

    [Fact]
    public async Task StopAsync_RecordsQueued_WritesThemAllInOrder()
    {
        using var log = CreateSut(capacity: 10_000);
        log.TryReserve(5_000);
        Append(log, 5_000);
        log.Start();

        await log.StopAsync(Cancelled);

        Assert.Equal(Enumerable.Range(0, 5_000).Select(Id), _sink.Records.Select(record => record.RequestId));
        Assert.Equal(Enumerable.Range(0, 5_000).Select(number => (long)number), _sink.Records.Select(record => record.Sequence));
    }

    [Fact]
    public async Task Write_SinkFailsThenRecovers_LosesNothingAndSaysBoth()
    {
        _sink.IsFailing = true;
        using var log = CreateSut(capacity: 2);
        log.Start();
        log.TryReserve(2);
        Append(log, 2);

        await Eventually.TrueAsync(() => _sink.Offers >= 2, Cancelled);
        var hasRoomWhileFailing = log.TryReserve(1);
        var kept = _store.Records.Count;
        _sink.IsFailing = false;
        await Eventually.TrueAsync(() => _sink.Records.Count == 2, Cancelled);
        await log.StopAsync(Cancelled);

        Assert.False(hasRoomWhileFailing);
        Assert.Equal(2, kept);
        Assert.Equal([Id(0), Id(1)], _sink.Records.Select(record => record.RequestId));
        Assert.Equal([1100, 1101], _log.Entries.Select(entry => entry.EventId));
    }

    [Fact]
    public async Task StopAsync_SinkStillFails_EndsAndCountsWhatIsLost()
    {
        _sink.IsFailing = true;
        using var log = CreateSut(capacity: 10);
        log.Start();
        log.TryReserve(3);
        Append(log, 3);
        await Eventually.TrueAsync(() => _sink.Offers >= 1, Cancelled);

        await log.StopAsync(Cancelled).WaitAsync(TimeSpan.FromMinutes(1), Cancelled);

        Assert.Contains(_log.Entries, entry => entry.EventId == 1102);
    }

    [Fact]
    public async Task StopAsync_SinkFailsJustThen_IsOfferedTheBatchOnceMore()
    {
        using var gate = new ManualResetEventSlim();
        _sink.Gate = gate;
        _sink.FailsOnce = true;
        using var log = CreateSut(capacity: 10);
        log.Start();
        log.TryReserve(3);
        Append(log, 3);
        await Eventually.TrueAsync(() => _sink.Offers == 1, Cancelled);

        var stopped = log.StopAsync(Cancelled);
        gate.Set();
        await stopped;

        Assert.Equal(3, _sink.Records.Count);
    }

    [Fact]
    public async Task Write_TwoSinksAndOneFails_TheOtherGetsEachRecordOnce()
    {
        var failing = new CollectingAuditSink { IsFailing = true };
        using var log = CreateSut(capacity: 10, _sink, failing);
        log.Start();
        log.TryReserve(3);
        Append(log, 3);
        await Eventually.TrueAsync(() => failing.Offers >= 2, Cancelled);

        failing.IsFailing = false;
        await Eventually.TrueAsync(() => failing.Records.Count == 3, Cancelled);
        await log.StopAsync(Cancelled);

        Assert.Equal(3, _sink.Records.Count);
    }

    [Fact]
    public async Task Lose_Records_WritesOneGapWithTheirNumber()
    {
        using var log = CreateSut(capacity: 10);
        log.Lose(2);
        log.Lose(3);
        log.Start();

        await log.StopAsync(Cancelled);

        var gap = Assert.Single(_sink.Records);
        Assert.Equal(AuditRecordKind.Gap, gap.Kind);
        Assert.Equal(5, gap.Count);
    }

    [Fact]
    public async Task Tally_ManyRefusals_AreOneRecordANetworkAndReasonAndTakeNoRoom()
    {
        using var log = CreateSut(capacity: 2);
        var network = ClientNetwork.Of(Some.Request("203.0.113.7"));
        for (var index = 0; index < 10_000; index++)
        {
            log.Tally(network, index % 2 == 0 ? "credential_missing" : "key_unknown");
        }

        var hasRoom = log.TryReserve(2);
        log.Release(2);
        log.Start();
        await log.StopAsync(Cancelled);

        Assert.True(hasRoom);
        Assert.Equal(
            ["credential_missing 203.0.113.0/24 5000 Refusals", "key_unknown 203.0.113.0/24 5000 Refusals"],
            _sink.Records.Select(record => $"{record.Rule} {record.Network} {record.Count} {record.Kind}").Order());
    }

    [Fact]
    public async Task Append_ManyProducers_WritesEachOnceAndEachProducersInOrder()
    {
        const int Producers = 4;
        const int Each = 2_000;
        using var log = CreateSut(capacity: 64);
        log.Start();

        var producers = Enumerable.Range(0, Producers).Select(producer => Task.Factory.StartNew(
            () =>
            {
                for (var index = 0; index < Each; index++)
                {
                    while (!log.TryReserve(1))
                    {
                        Thread.Yield();
                    }

                    log.Append(AuditRecordEncoder.Encode(Decision(producer * Each + index)));
                }
            },
            Cancelled,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default));
        await Task.WhenAll(producers);
        await log.StopAsync(Cancelled);

        var written = _sink.Records.Select(record => int.Parse(record.RequestId!.AsSpan(17), CultureInfo.InvariantCulture)).ToArray();
        Assert.Equal(Enumerable.Range(0, Producers * Each), written.Order());
        Assert.All(written.GroupBy(id => id / Each), ids => Assert.Equal(ids.Order(), ids));
        Assert.Equal(Enumerable.Range(0, Producers * Each).Select(number => (long)number), _sink.Records.Select(record => record.Sequence));
        Assert.True(log.TryReserve(64));
    }

    private static string Id(int number) => string.Create(CultureInfo.InvariantCulture, $"00000000000000aa-{number}");

    private static void Append(AuditLog log, int count)
    {
        for (var index = 0; index < count; index++)
        {
            log.Append(AuditRecordEncoder.Encode(Decision(index)));
        }
    }

    private static AuditRecord Decision(int id) =>
        new() { Kind = AuditRecordKind.Decision, Time = DateTimeOffset.UnixEpoch, RequestId = Id(id), Operation = "infer", Decision = "allow" };

    private AuditLog CreateSut(int capacity, params IAuditSink[] sinks) => new(
        _store,
        sinks.Length == 0 ? [_sink] : sinks,
        new AuditOptions { QueueCapacity = capacity },
        Some.LoggingPart<AuditTelemetry>(_log),
        TimeProvider.System);
}
