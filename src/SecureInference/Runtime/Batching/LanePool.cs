namespace SecureInference.Runtime.Batching;

/// <summary>Which of a model's lanes are free, and the threads that take them. Used under its owner's lock.</summary>
/// <remarks>A lane is held by one of the threads, or by a request that runs on its own; there are as many threads as lanes, and so one sleeps for each lane that is held by a request.</remarks>
internal sealed class LanePool
{
    /// <summary>What handing a request to a lane's thread and back costs: a shorter run is never handed over.</summary>
    public static readonly TimeSpan HandOver = TimeSpan.FromMicroseconds(20);

    private readonly LaneWorker[] _workers;
    private readonly Stack<LaneWorker> _asleep;
    private readonly bool _areParallel;
    private int _free;
    private int _coming;
    private int _arriving;
    private LaneWorker? _waiting;

    public LanePool(IModelEngine engine, RequestLine line, Action<RunningBatch> run)
    {
        _free = engine.Lanes;
        _areParallel = engine.AreLanesParallel;
        _workers = [.. Enumerable.Range(0, engine.Lanes).Select(index => new LaneWorker(line, run, $"SecureInference {engine.Metadata.Name} {index}", engine.Metadata))];
        _asleep = new Stack<LaneWorker>(_workers);
    }

    /// <summary>Gets the lanes that nobody holds. It may be read without the lock, as a hint.</summary>
    public int Free => Volatile.Read(ref _free);

    public bool AreAllFree => _free == _workers.Length;

    /// <summary>Gets the lanes that are on their way to the queue, or wait there.</summary>
    public int Coming => _coming + (_waiting is null ? 0 : 1);

    /// <summary>Gets or sets the lane that waits for more requests. It may be read without the lock, as a hint.</summary>
    public LaneWorker? Waiting
    {
        get => Volatile.Read(ref _waiting);
        set => Volatile.Write(ref _waiting, value);
    }

    public IReadOnlyList<LaneWorker> Workers => _workers;

    /// <summary>Gets the requests that are on their way in. It may be read without the lock.</summary>
    public int Arriving => Volatile.Read(ref _arriving);

    /// <summary>Says whether requests are on their way in, beside one that asks. It may be read without the lock.</summary>
    public bool AreArriving(int beside = 0) => Arriving > beside;

    /// <summary>Says that a request is on its way in: its body is being read, or its caller is being answered and likely to ask again. Without the lock.</summary>
    public void Announce() => Interlocked.Increment(ref _arriving);

    /// <summary>Says that a request that was announced waits or runs, and so is not on its way. Without the lock.</summary>
    /// <returns>Whether no other is.</returns>
    public bool Enter() => Interlocked.Decrement(ref _arriving) == 0;

    /// <summary>Says that a request that was announced does not come, or is answered. Without the lock.</summary>
    public void Withdraw()
    {
        if (Interlocked.Decrement(ref _arriving) == 0)
        {
            Waiting?.Wake();
        }
    }

    /// <summary>Returns how many of the rows that wait a lane takes: where others are free, its share, since two halves side by side end sooner than the whole.</summary>
    public int ShareOf(int rows) => _areParallel ? (rows + _free) / (_free + 1) : rows;

    /// <summary>Takes a lane for a request that runs on its own thread.</summary>
    public bool TryTake()
    {
        if (_free == 0)
        {
            return false;
        }

        _free--;
        return true;
    }

    /// <summary>Gives back what <see cref="TryTake"/> took.</summary>
    public void Release() => _free++;

    /// <summary>Gives a lane to a thread that sleeps; the caller wakes it once the lock is released.</summary>
    public LaneWorker? TrySend()
    {
        if (_free == 0)
        {
            return null;
        }

        _free--;
        _coming++;
        var worker = _asleep.Pop();
        worker.HasLane = true;
        worker.IsComing = true;
        return worker;
    }

    /// <summary>Notes that a thread has come to the queue.</summary>
    public void NoteArrived(LaneWorker worker)
    {
        if (worker.IsComing)
        {
            worker.IsComing = false;
            _coming--;
        }

        if (ReferenceEquals(_waiting, worker))
        {
            Waiting = null;
        }
    }

    /// <summary>Takes the lane from a thread that has nothing to do.</summary>
    public void Release(LaneWorker worker)
    {
        worker.HasLane = false;
        _asleep.Push(worker);
        _free++;
    }

    /// <summary>Ends the threads that sleep now, and the others once they do.</summary>
    public void End()
    {
        foreach (var worker in _workers)
        {
            worker.IsEnded = true;
            worker.Wake();
        }
    }
}
