using System.Collections.Concurrent;
using SecureInference.Pipeline.Auditing.Log;
using SecureInference.Pipeline.Auditing.Payloads;
using SecureInference.Pipeline.Auditing.Queue;
using SecureInference.Pipeline.Auditing.Records;
using SecureInference.Pipeline.Auditing.Sinks;

namespace SecureInference.Pipeline.Auditing;

/// <summary>The one thread that empties the queue into the store, commits, and passes on what is committed.</summary>
internal sealed class AuditWriter
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(250);

    private readonly AuditQueue _queue;
    private readonly IAuditStore _store;
    private readonly SinkPump[] _sinks;
    private readonly PayloadKeeper? _payloads;
    private readonly bool _syncsPayloads;
    private readonly CommitTurns _turns;
    private readonly RefusalTally _tally;
    private readonly AuditTelemetry _telemetry;
    private readonly TimeProvider _time;
    private readonly TimeSpan _refusalInterval;
    private readonly CommitPace _pace;
    private readonly ManualResetEventSlim _stop;
    private readonly List<RecordBlock> _blocks = [];
    private readonly List<AuditRecord> _own = [];
    private readonly byte[] _scratch = new byte[AuditFormat.MaxRecordBytes];
    private long _lost;
    private long _pendingSince;
    private long _lastTally;
    private readonly ConcurrentQueue<AuditRecord> _notes = new();
    private string? _checkpoint;
    private AuditRecord? _stopNote;

    public AuditWriter(AuditLogParts parts, RefusalTally tally, CommitTurns turns, ManualResetEventSlim stop)
    {
        (_queue, _store, _sinks, _telemetry, _time) = (parts.Queue, parts.Store, parts.Sinks, parts.Telemetry, parts.Time);
        (_tally, _turns, _stop) = (tally, turns, stop);
        _payloads = parts.Payloads;
        _syncsPayloads = parts.Options.Durability != AuditDurability.None;
        _refusalInterval = parts.Options.RefusalInterval;
        _pace = new CommitPace(_queue, parts.Options);
    }

    /// <summary>Gets or sets what shows the newest checkpoint.</summary>
    public Func<string?>? Checkpoint { get; set; }

    /// <summary>Gets how long what is being written has waited.</summary>
    public TimeSpan Lag => Volatile.Read(ref _pendingSince) is not 0 and var since ? _time.GetElapsedTime(since) : TimeSpan.Zero;

    /// <summary>Takes a record of the log's own, such as a start.</summary>
    public void Note(AuditRecord record) => _notes.Enqueue(record);

    public void Lose(int records) => Interlocked.Add(ref _lost, records);

    public void Run()
    {
        _lastTally = _time.GetTimestamp();
        bool isLast;
        do
        {
            if (!_stop.IsSet)
            {
                _pace.Wait();
            }

            isLast = _stop.IsSet;
            do
            {
                Write(isLast);
            }
            while (isLast && _queue.Wait(TimeSpan.Zero, forBlock: false));
        }
        while (!isLast);
    }

    private void Write(bool isLast)
    {
        AddOwn(isLast);
        var ticket = _queue.Take(_blocks);
        AddStop();
        foreach (var block in _blocks)
        {
            for (var (index, place) = (0, 0); index < block.Count; index++)
            {
                var start = place;
                block.Number(start, _store.Append(block.Read(ref place, out _)));
            }
        }

        // A time stamp, or 0 where nothing waits; a clock that shows 0 costs the gauge one turn.
        var begun = _time.GetTimestamp();
        Volatile.Write(ref _pendingSince, _blocks.Count > 0 ? begun : 0);
        if (TryCommit())
        {
            _turns.Commit(ticket);
            Volatile.Write(ref _pendingSince, 0);
        }

        if (_blocks.Count > 0)
        {
            _pace.NoteCommit(_time.GetElapsedTime(begun));
        }

        PassOn();
    }

    /// <summary>Commits until it works; the queue fills meanwhile, and requests are refused.</summary>
    private bool TryCommit()
    {
        var isLastTry = false;
        while (true)
        {
            try
            {
                // Payloads first: what a record commits to must not be missing.
                _payloads?.Write(_syncsPayloads);
                _store.Commit();
                if (_turns.IsFailing)
                {
                    _telemetry.StoreRecovered();
                }

                return true;
            }
#pragma warning disable CA1031 // Whatever a disk does, the log must live on.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                if (!_turns.IsFailing)
                {
                    _telemetry.StoreFailed(exception);
                }

                _turns.Fail();
            }

            if (isLastTry)
            {
                _telemetry.RecordsLost(_blocks.Sum(static block => block.Count));
                return false;
            }

            // Where the app stops, once more and no longer: a disk that never comes back would hold it up for ever.
            isLastTry = _stop.Wait(RetryDelay);
        }
    }

    /// <summary>Adds the records that are nobody's request: they stand against no bound, and there are few.</summary>
    private void AddOwn(bool isLast)
    {
        while (_notes.TryDequeue(out var note))
        {
            if (note.Kind == AuditRecordKind.Stop)
            {
                _stopNote = note;
            }
            else
            {
                _own.Add(note);
            }
        }

        if (isLast || _time.GetElapsedTime(_lastTally) >= _refusalInterval)
        {
            _lastTally = _time.GetTimestamp();
            _tally.Drain(_own, _time.GetUtcNow());
        }

        if (Interlocked.Exchange(ref _lost, 0) is > 0 and var lost)
        {
            _own.Add(new AuditRecord { Kind = AuditRecordKind.Gap, Time = _time.GetUtcNow(), Count = lost });
        }

        AddToBlocks();
    }

    /// <summary>Adds the stop behind what the requests before it have left.</summary>
    private void AddStop()
    {
        if (_stopNote is { } stop)
        {
            _stopNote = null;
            _own.Add(stop);
            AddToBlocks();
        }
    }

    private void AddToBlocks()
    {
        RecordBlock? block = null;
        foreach (var record in _own)
        {
            var bytes = _scratch.AsSpan(0, AuditRecordEncoder.Encode(record, _scratch));
            if (block is null || !block.TryAppend(bytes))
            {
                block = _queue.RentBlock();
                block.TryAppend(bytes);
                _blocks.Add(block);
            }
        }

        _own.Clear();
    }

    /// <summary>Passes on the checkpoint that the store signed when it ended.</summary>
    public void PassOnCheckpoint() => PassOn();

    private void PassOn()
    {
        var checkpoint = Checkpoint?.Invoke();
        var isNew = !ReferenceEquals(checkpoint, _checkpoint);
        _checkpoint = checkpoint;
        if (_sinks.Length == 0)
        {
            _blocks.ForEach(_queue.Free);
        }
        else if (_blocks.Count > 0 || isNew)
        {
            var batch = new AuditBatch(_queue, [.. _blocks], isNew ? checkpoint : null, _sinks.Length);
            Array.ForEach(_sinks, sink => sink.Enqueue(batch));
        }

        _blocks.Clear();
    }
}
