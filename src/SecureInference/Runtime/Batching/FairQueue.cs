namespace SecureInference.Runtime.Batching;

/// <summary>What waits for a lane: by priority, and within one priority by turns of the callers. Used under its owner's lock.</summary>
/// <param name="maxRows">The most rows of a run, and so of what a caller may owe.</param>
/// <param name="turnRows">The rows of a turn.</param>
internal sealed class FairQueue(int maxRows, int turnRows = 1)
{
    /// <summary>The priority of who asks for none, or may ask for none; 1 is the highest.</summary>
    public const int LowestPriority = 10;

    /// <summary>Callers remembered beyond their backlogs; what they are remembered for is worth a batch at most.</summary>
    private const int MaxIdleCallers = 1024;

    private readonly FairLevel[] _levels = [.. Enumerable.Range(0, LowestPriority).Select(_ => new FairLevel(turnRows))];
    private readonly Dictionary<(string Subject, int Priority), CallerBacklog> _callers = [];
    private long _period;
    private CallerBacklog? _last;

    public int Count { get; private set; }

    public int Rows { get; private set; }

    /// <summary>Gets the time stamp at which a request last came from another caller, or with another priority, than the one before it.</summary>
    public long? Mixed { get; private set; }

    public void Add(QueuedRequest request, string subject, int priority)
    {
        var backlog = BacklogOf(subject, priority);
        if (backlog.Count == 0)
        {
            backlog.Level.Add(backlog);
        }

        if (_last is not null && !ReferenceEquals(_last, backlog))
        {
            Mixed = request.Queued;
        }

        _last = backlog;
        backlog.Add(request);
        Count++;
        Rows += request.Rows;
    }

    /// <summary>Returns the request whose turn it is.</summary>
    public QueuedRequest? Peek()
    {
        foreach (var level in _levels)
        {
            if (level.Find() is { } backlog)
            {
                return backlog.Oldest;
            }
        }

        return null;
    }

    /// <summary>Takes out the request that <see cref="Peek"/> returned, and its rows off its caller's turn.</summary>
    public void Take(QueuedRequest request)
    {
        var backlog = request.Backlog!;
        backlog.Level.Charge(backlog, request.Rows);
        Remove(request);
    }

    /// <summary>Ends the turn of a caller, who waits on: a run has taken what it takes.</summary>
    public static void EndTurn(CallerBacklog backlog) => backlog.Level.EndTurn(backlog);

    /// <summary>Takes a request out that nobody waits for any more.</summary>
    public void Remove(QueuedRequest request)
    {
        var backlog = request.Backlog!;
        backlog.Remove(request);
        Count--;
        Rows -= request.Rows;
        if (backlog.Count == 0)
        {
            backlog.Level.Remove(backlog);

            // What is left of a turn that nobody waits for is lost; what was taken beyond it is not.
            backlog.Deficit = Math.Min(backlog.Deficit, 0);
        }
    }

    /// <summary>Counts rows that ran without waiting against their caller's next turn, up to a batch of them.</summary>
    public void Charge(string subject, int priority, int rows)
    {
        var backlog = BacklogOf(subject, priority);
        backlog.Deficit = Math.Max(backlog.Deficit - rows, -maxRows);
    }

    /// <summary>Begins a new busy period: nothing waits and nothing runs, and what was owed is forgotten.</summary>
    public void EndPeriod()
    {
        _period++;
        if (_callers.Count > MaxIdleCallers)
        {
            _callers.Clear();
            _last = null;
        }
    }

    /// <summary>Finds who makes room in a full queue: the newest request of the longest backlog, where it is longer than the caller's own would be, or less urgent.</summary>
    public QueuedRequest? FindVictim(string subject, int priority)
    {
        for (var level = _levels.Length; level >= priority; level--)
        {
            var longest = LongestOf(_levels[level - 1]);
            if (longest is not null && (level > priority || longest.Count > CountOf(subject, priority) + 1))
            {
                return longest.Newest;
            }
        }

        return null;
    }

    /// <summary>Finds every request whose time has passed; it stays in the queue.</summary>
    public void FindExpired(long now, List<QueuedRequest> expired, ref long next)
    {
        foreach (var level in _levels)
        {
            var backlog = level.Turn;
            while (backlog is not null)
            {
                for (var request = backlog.Oldest; request is not null; request = request.Next)
                {
                    if (request.Deadline <= now)
                    {
                        expired.Add(request);
                    }
                    else
                    {
                        next = Math.Min(next, request.Deadline);
                    }
                }

                backlog = ReferenceEquals(backlog.Next, level.Turn) ? null : backlog.Next;
            }
        }
    }

    private static CallerBacklog? LongestOf(FairLevel level)
    {
        var longest = level.Turn;
        for (var backlog = longest?.Next; backlog is not null && !ReferenceEquals(backlog, level.Turn); backlog = backlog.Next)
        {
            longest = backlog.Count > longest!.Count ? backlog : longest;
        }

        return longest;
    }

    private int CountOf(string subject, int priority) => _callers.GetValueOrDefault((subject, priority))?.Count ?? 0;

    private CallerBacklog BacklogOf(string subject, int priority)
    {
        if (!_callers.TryGetValue((subject, priority), out var backlog))
        {
            backlog = new CallerBacklog(_levels[priority - 1]);
            _callers.Add((subject, priority), backlog);
        }

        if (backlog.Period != _period && backlog.Count == 0)
        {
            backlog.Period = _period;
            backlog.Deficit = 0;
        }

        return backlog;
    }
}
