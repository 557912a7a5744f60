using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;

namespace SecureInference.Pipeline.Auditing;

/// <summary>The queue before the sinks, and the one thread that empties it.</summary>
/// <remarks>Space is reserved before it is used, so that what was let in can always be recorded to its end.</remarks>
internal sealed class AuditLog : IAuditProgress, IDisposable
{
    private const int MaxBatch = 1024;
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(250);

    private readonly ConcurrentQueue<AuditRecord> _queue = new();
    private readonly SemaphoreSlim _signal = new(0);
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly IAuditSink[] _sinks;
    private readonly RefusalTally _tally;
    private readonly AuditTelemetry _telemetry;
    private readonly TimeProvider _time;
    private readonly TimeSpan _refusalInterval;
    private readonly string _process = RandomNumberGenerator.GetHexString(12, lowercase: true);
    private readonly int _capacity;
    private readonly Thread _writer;

    // Shared: reserved counts records from their reservation until they are written.
    private int _reserved;
    private int _signalled;
    private long _lost;
    private long _requests;

    // Only the writer's.
    private readonly List<AuditRecord> _batch = new(MaxBatch);
    private long _sequence;
    private long _lastTally;

    public AuditLog(IEnumerable<IAuditSink> sinks, AuditOptions options, AuditTelemetry telemetry, TimeProvider time)
    {
        _sinks = [.. sinks];
        _tally = new RefusalTally();
        _telemetry = telemetry;
        _time = time;
        _capacity = options.QueueCapacity;
        _refusalInterval = options.RefusalInterval;
        _writer = new Thread(Run) { Name = "SecureInference audit", IsBackground = true };
    }

    public long RecordsWaiting => _queue.Count;

    public TimeSpan Lag => _queue.TryPeek(out var oldest) ? _time.GetUtcNow() - oldest.Time : TimeSpan.Zero;

    public void Start()
    {
        _telemetry.Follow(this);
        _writer.UnsafeStart();
    }

    /// <summary>Names a request; unlike a trace id, no caller can choose the name, and no later process repeats it.</summary>
    public string NameRequest() => string.Create(CultureInfo.InvariantCulture, $"{_process}-{Interlocked.Increment(ref _requests)}");

    public bool TryReserve(int records)
    {
        if (Interlocked.Add(ref _reserved, records) <= _capacity)
        {
            return true;
        }

        Interlocked.Add(ref _reserved, -records);
        return false;
    }

    public void Release(int records) => Interlocked.Add(ref _reserved, -records);

    /// <summary>Queues a record whose space was reserved.</summary>
    public void Append(AuditRecord record)
    {
        _queue.Enqueue(record);
        Wake();
    }

    /// <summary>Counts a stranger's refusal; it is written with others of its kind.</summary>
    public void Tally(ClientNetwork network, string rule) => _tally.Add(network, rule);

    /// <summary>Counts records that no space could be found for; a gap is written as soon as there is some.</summary>
    public void Lose(int records)
    {
        Interlocked.Add(ref _lost, records);
        _telemetry.Lost(records);
    }

    /// <summary>Writes what is queued, and ends the writer.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        Wake();
        await _stopped.Task.WaitAsync(cancellationToken);
    }

    public void Dispose()
    {
        _stop.Cancel();
        Wake();

        // A writer that a sink still holds goes on using these.
        if (_writer.ThreadState.HasFlag(ThreadState.Unstarted) || _writer.Join(TimeSpan.FromSeconds(5)))
        {
            _stop.Dispose();
            _signal.Dispose();
        }
    }

    private void Wake()
    {
        // One pending signal is enough: the writer empties the whole queue for each.
        if (Interlocked.Exchange(ref _signalled, 1) == 0)
        {
            _signal.Release();
        }
    }

    private void Run()
    {
        _lastTally = _time.GetTimestamp();
        try
        {
            bool isLast;
            do
            {
                isLast = _stop.IsCancellationRequested || (_signal.Wait(_refusalInterval) && _stop.IsCancellationRequested);
                Interlocked.Exchange(ref _signalled, 0);
                do
                {
                    TakeBatch(isLast);
                    WriteBatch();
                }
                while (!_queue.IsEmpty);
            }
            while (!isLast);
        }
        finally
        {
            _stopped.TrySetResult();
        }
    }

    private void TakeBatch(bool isLast)
    {
        while (_batch.Count < MaxBatch && _queue.TryDequeue(out var record))
        {
            _batch.Add(record);
        }

        if (isLast || _time.GetElapsedTime(_lastTally) >= _refusalInterval)
        {
            _lastTally = _time.GetTimestamp();
            _tally.Drain(_batch, _time.GetUtcNow());
        }

        if (Interlocked.Exchange(ref _lost, 0) is > 0 and var lost)
        {
            _batch.Add(new AuditRecord { Kind = AuditRecordKind.Gap, Time = _time.GetUtcNow(), Count = lost });
        }

        foreach (var record in _batch)
        {
            record.Sequence = ++_sequence;
        }
    }

    private void WriteBatch()
    {
        if (_batch.Count == 0)
        {
            return;
        }

        foreach (var sink in _sinks)
        {
            Offer(sink);
        }

        var reserved = 0;
        foreach (var record in _batch)
        {
            reserved += record.Kind is AuditRecordKind.Decision or AuditRecordKind.Outcome ? 1 : 0;
        }

        _batch.Clear();
        Release(reserved);
    }

    /// <summary>Offers the batch until the sink takes it; the queue fills meanwhile, and requests are refused.</summary>
    private void Offer(IAuditSink sink)
    {
        var isFailing = false;
        var isLastTry = false;
        while (true)
        {
            try
            {
                sink.Write(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_batch));
                if (isFailing)
                {
                    _telemetry.SinkRecovered(sink.GetType().Name);
                }

                return;
            }
#pragma warning disable CA1031 // Whatever a sink of the team's own throws, the log must live on.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                if (!isFailing)
                {
                    isFailing = true;
                    _telemetry.SinkFailed(exception, sink.GetType().Name);
                }
            }

            if (isLastTry)
            {
                _telemetry.RecordsLost(_batch.Count, sink.GetType().Name);
                return;
            }

            // Where the app stops, once more and no longer: a sink that never recovers would hold it up for ever.
            isLastTry = _stop.Token.WaitHandle.WaitOne(RetryDelay);
        }
    }
}
