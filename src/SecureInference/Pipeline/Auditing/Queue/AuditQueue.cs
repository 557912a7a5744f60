using SecureInference.Pipeline.Auditing.Records;

namespace SecureInference.Pipeline.Auditing.Queue;

/// <summary>Stands before the log's one writer, bounded by records and by bytes. Space is reserved before it is used, so that what was let in can always be recorded to its end.</summary>
/// <remarks>Producers hold the lock for one copy of a few hundred bytes; the writer takes whole blocks.</remarks>
internal sealed class AuditQueue : IDisposable
{
    /// <summary>What a record that is not written yet stands for: the longest there is.</summary>
    private const long BytesReserved = RecordBlock.EntryHeaderBytes + AuditFormat.MaxRecordBytes;

    private const int CountShift = 40;
    private const long BytesMask = (1L << CountShift) - 1;

    /// <summary>What is written at once: enough for the disk, and little enough that the memory of a write stays small.</summary>
    private const int MostTaken = 64;

    /// <summary>What is kept when the rush is over. In the rush all are kept, as many as the bound allows: new ones would cost the requests' threads more than their records.</summary>
    private const int KeptIdle = 64;

    private readonly Lock _lock = new();
    private readonly AutoResetEvent _signal = new(initialState: false);
    private readonly Queue<RecordBlock> _full = new();
    private readonly Stack<RecordBlock> _free = new();
    private readonly int _maxRecords;
    private readonly long _maxBytes;
    private RecordBlock _current = new();
    private long _tickets;
    private long _taken;
    private bool _wakesAtRecord;
    private bool _wakesAtBlock;

    // Records in the upper bits, bytes in the lower: one word, so that one operation takes both.
    private long _reserved;

    public AuditQueue(int maxRecords, long maxBytes)
    {
        _maxRecords = maxRecords;
        _maxBytes = Math.Max(maxBytes, 2 * BytesReserved);
    }

    /// <summary>Gets how many records were queued so far.</summary>
    public long Tickets => Volatile.Read(ref _tickets);

    public bool TryReserve(int records)
    {
        var wanted = Charge(records, records * BytesReserved);
        var taken = Interlocked.Add(ref _reserved, wanted);
        if (taken >> CountShift <= _maxRecords && (taken & BytesMask) <= _maxBytes)
        {
            return true;
        }

        Interlocked.Add(ref _reserved, -wanted);
        return false;
    }

    /// <summary>Gives back what was reserved and is not needed.</summary>
    public void Release(int records) => Interlocked.Add(ref _reserved, -Charge(records, records * BytesReserved));

    /// <summary>Queues a record whose space was reserved.</summary>
    /// <returns>How many records were queued until it, with it.</returns>
    public long Append(ReadOnlySpan<byte> record)
    {
        var charged = RecordBlock.EntryHeaderBytes + record.Length;
        bool wakes;
        long ticket;
        lock (_lock)
        {
            wakes = _wakesAtRecord;
            if (!_current.TryAppend(record))
            {
                wakes |= _wakesAtBlock;
                _full.Enqueue(_current);
                _current = Rent();
                _current.TryAppend(record);
            }

            _current.Charged += charged;
            _current.ChargedRecords++;
            ticket = ++_tickets;
            if (wakes)
            {
                _wakesAtRecord = _wakesAtBlock = false;
            }
        }

        Interlocked.Add(ref _reserved, charged - BytesReserved);
        if (wakes)
        {
            _signal.Set();
        }

        return ticket;
    }

    /// <summary>Waits until there is a record, or a whole block, for so long at most. For the writer.</summary>
    /// <returns>Whether there is any record.</returns>
    public bool Wait(TimeSpan most, bool forBlock)
    {
        lock (_lock)
        {
            if (_full.Count > 0 || (!forBlock && _current.Count > 0))
            {
                return true;
            }

            _wakesAtRecord = !forBlock;
            _wakesAtBlock = true;
        }

        _signal.WaitOne(most);
        lock (_lock)
        {
            _wakesAtRecord = _wakesAtBlock = false;
            return _full.Count > 0 || _current.Count > 0;
        }
    }

    /// <summary>Ends the writer's wait.</summary>
    public void Wake() => _signal.Set();

    /// <summary>Takes what is queued, in order, up to what is written at once. For the writer, who frees it.</summary>
    /// <returns>The ticket of the last record taken.</returns>
    public long Take(List<RecordBlock> blocks)
    {
        lock (_lock)
        {
            for (var most = MostTaken; most > 0 && _full.TryDequeue(out var block); most--)
            {
                blocks.Add(block);
                _taken += block.Count;
            }

            if (_full.Count == 0 && _current.Count > 0)
            {
                blocks.Add(_current);
                _taken += _current.Count;
                _current = Rent();
            }

            return _taken;
        }
    }

    /// <summary>Lends a block for records that stand against no bound: the writer's own.</summary>
    public RecordBlock RentBlock()
    {
        lock (_lock)
        {
            return Rent();
        }
    }

    /// <summary>Takes a block back, and what its records held of the bound.</summary>
    public void Free(RecordBlock block)
    {
        Interlocked.Add(ref _reserved, -Charge(block.ChargedRecords, block.Charged));
        block.Clear();
        lock (_lock)
        {
            _free.Push(block);
        }
    }

    /// <summary>Lets go of the memory of a rush. For the writer, when it has nothing to do.</summary>
    public void Trim()
    {
        lock (_lock)
        {
            while (_free.Count > KeptIdle)
            {
                _free.Pop();
            }
        }
    }

    public void Dispose() => _signal.Dispose();

    private static long Charge(int records, long bytes) => ((long)records << CountShift) + bytes;

    private RecordBlock Rent() => _free.TryPop(out var block) ? block : new RecordBlock();
}
