using System.Buffers.Binary;
using System.Security.Cryptography;
using SecureInference.Pipeline.Auditing.Log;
using SecureInference.Pipeline.Auditing.Payloads;
using SecureInference.Pipeline.Auditing.Queue;
using SecureInference.Pipeline.Auditing.Records;
using SecureInference.Pipeline.Auditing.Sinks;

namespace SecureInference.Pipeline.Auditing;

/// <summary>Where requests leave their records: the queue, and the thread behind it that writes.</summary>
internal sealed class AuditLog : IAuditProgress, IDisposable
{
    private readonly ManualResetEventSlim _stop = new();
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ulong _process = BinaryPrimitives.ReadUInt64LittleEndian(RandomNumberGenerator.GetBytes(sizeof(ulong)));
    private readonly AuditQueue _queue;
    private readonly IAuditStore _store;
    private readonly SinkPump[] _sinks;
    private readonly RefusalTally _tally = new();
    private readonly CommitTurns _turns;
    private readonly AuditWriter _writer;
    private readonly AuditTelemetry _telemetry;
    private readonly Thread _thread;
    private ulong _requests;
    private bool _isStoreEnded;

    public AuditLog(IAuditStore store, IEnumerable<IAuditSink> sinks, AuditOptions options, AuditTelemetry telemetry, TimeProvider time, PayloadKeeper? payloads = null)
    {
        _store = store;
        _telemetry = telemetry;
        _queue = new AuditQueue(options.QueueCapacity, options.QueueBytes);
        _sinks = [.. sinks.Select(sink => new SinkPump(sink, telemetry))];
        _turns = new CommitTurns(options.CommitTimeout, time);
        _writer = new AuditWriter(new AuditLogParts(_queue, store, _sinks, payloads, options, telemetry, time), _tally, _turns, _stop);
        _thread = new Thread(Run) { Name = "SecureInference audit", IsBackground = true };
        Payloads = payloads;
        Form = new RecordForm(options);
        WaitsForDisk = options.Durability == AuditDurability.PerRequest;
        MayDrop = options.WhenFull == AuditWhenFull.Drop;
    }

    /// <summary>Gets what records of requests hold.</summary>
    public RecordForm Form { get; }

    /// <summary>Sets what shows the newest checkpoint, which sinks get.</summary>
    public Func<string?>? Checkpoint
    {
        init => _writer.Checkpoint = value;
    }

    /// <summary>Gets what keeps payloads, where anything does.</summary>
    public PayloadKeeper? Payloads { get; }

    /// <summary>Gets whether a request waits until its records are on disk.</summary>
    public bool WaitsForDisk { get; }

    /// <summary>Gets whether a request goes on where there is no room for its records.</summary>
    public bool MayDrop { get; }

    /// <summary>Gets whether the store does not take records at the moment.</summary>
    public bool IsFailing => _turns.IsFailing;

    public long RecordsWaiting => _queue.Tickets - _turns.Committed;

    public TimeSpan Lag => _writer.Lag;

    public void Start()
    {
        _telemetry.Follow(this);
        Array.ForEach(_sinks, static sink => sink.Start());
        _thread.UnsafeStart();
    }

    /// <summary>Names a request; unlike a trace id, no caller can choose the name, and no later process repeats it.</summary>
    public RequestName NameRequest() => new(_process, Interlocked.Increment(ref _requests));

    public bool TryReserve(int records) => _queue.TryReserve(records);

    public void Release(int records) => _queue.Release(records);

    /// <summary>Queues a record whose space was reserved.</summary>
    /// <returns>What to wait with.</returns>
    public long Append(ReadOnlySpan<byte> record) => _queue.Append(record);

    /// <summary>Waits until a record is on disk.</summary>
    /// <returns><see langword="false"/> where it does not come there in time.</returns>
    public ValueTask<bool> WaitAsync(long ticket) => _turns.WaitAsync(ticket);

    /// <summary>Counts a stranger's refusal; it is written with others of its kind.</summary>
    public void Tally(ClientNetwork network, string rule) => _tally.Add(network, rule);

    /// <summary>Counts records that no space could be found for; a gap is written as soon as there is some.</summary>
    public void Lose(int records)
    {
        _writer.Lose(records);
        _telemetry.Lost(records);
    }

    /// <summary>Writes a record of the log's own, such as a start: it stands against no bound.</summary>
    public void Note(AuditRecord record)
    {
        _writer.Note(record);
        _queue.Wake();
    }

    /// <summary>Writes what is queued, and ends the writer; then the sinks get what they have not yet.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _stop.Set();
        _queue.Wake();
        await _stopped.Task.WaitAsync(cancellationToken);
        await Task.WhenAll(_sinks.Select(static sink => sink.StopAsync())).WaitAsync(cancellationToken);
    }

    public void Dispose()
    {
        _stop.Set();
        _queue.Wake();
        // The writer first: it passes what it still has on to the sinks.
        var hasEnded = _thread.ThreadState.HasFlag(ThreadState.Unstarted) || _thread.Join(TimeSpan.FromSeconds(5));
        Array.ForEach(_sinks, static sink => sink.Dispose());

        // A writer that a disk still holds goes on using these.
        if (hasEnded)
        {
            EndStore();
            Payloads?.Dispose();
            _queue.Dispose();
            _stop.Dispose();
        }
    }

    /// <summary>Signs and seals what was written, once: by the writer when it ends, or where it never began.</summary>
    private void EndStore()
    {
        if (!_isStoreEnded)
        {
            _isStoreEnded = true;
            _store.Dispose();
        }
    }

    private void Run()
    {
        try
        {
            _writer.Run();
            EndStore();
            _writer.PassOnCheckpoint();
        }
        finally
        {
            _stopped.TrySetResult();
        }
    }
}
