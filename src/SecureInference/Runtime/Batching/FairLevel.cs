namespace SecureInference.Runtime.Batching;

/// <summary>The callers that wait at one priority, each with its turn.</summary>
/// <remarks>Deficit round robin (Shreedhar and Varghese, 1995). A turn is worth the rows of a run, and ends with it. Used under the queue's lock.</remarks>
/// <param name="quantum">The rows of a turn.</param>
internal sealed class FairLevel(int quantum)
{
    /// <summary>Whose turn it is.</summary>
    private CallerBacklog? _turn;

    /// <summary>Who had the last turn, where nobody has begun another.</summary>
    private CallerBacklog? _ended;

    public bool IsEmpty => _turn is null;

    public CallerBacklog? Turn => _turn;

    /// <summary>Puts a backlog last into the ring, and so before one that has just had its turn and begins again only because it was alone.</summary>
    public void Add(CallerBacklog backlog)
    {
        if (_turn is null)
        {
            (backlog.Next, backlog.Before) = (backlog, backlog);
            _turn = backlog;
            return;
        }

        backlog.Next = _turn;
        backlog.Before = _turn.Before;
        _turn.Before!.Next = backlog;
        _turn.Before = backlog;
        _turn = ReferenceEquals(_turn, _ended) ? backlog : _turn;
    }

    public void Remove(CallerBacklog backlog)
    {
        if (ReferenceEquals(backlog.Next, backlog))
        {
            _turn = null;
        }
        else
        {
            backlog.Before!.Next = backlog.Next;
            backlog.Next!.Before = backlog.Before;
            _turn = ReferenceEquals(_turn, backlog) ? backlog.Next : _turn;
        }

        (backlog.Next, backlog.Before) = (null, null);
    }

    /// <summary>Returns the backlog whose oldest request is next; its rows are not taken off its turn yet.</summary>
    public CallerBacklog? Find()
    {
        if (_turn is not { } first)
        {
            return null;
        }

        for (var rounds = 0; ; rounds++)
        {
            var least = long.MaxValue;
            var backlog = first;
            do
            {
                var missing = (backlog.Oldest?.Rows ?? 0) - backlog.Deficit;
                if (missing <= 0)
                {
                    _turn = backlog;
                    return backlog;
                }

                least = Math.Min(least, missing);
                backlog = backlog.Next!;
            }
            while (!ReferenceEquals(backlog, first));

            // As many rounds at once as it takes until somebody's turn is large enough.
            Grant((least + quantum - 1) / quantum * quantum);
        }
    }

    /// <summary>Takes rows off a backlog's turn; the next caller's comes once nothing is left of it.</summary>
    public void Charge(CallerBacklog backlog, int rows)
    {
        _ended = null;
        backlog.Deficit -= rows;
        if (backlog.Deficit <= 0 && ReferenceEquals(_turn, backlog))
        {
            _turn = backlog.Next;
        }
    }

    /// <summary>Ends a caller's turn; what is left of it is lost, since another begins when all others had theirs.</summary>
    public void EndTurn(CallerBacklog backlog)
    {
        backlog.Deficit = Math.Min(backlog.Deficit, 0);
        _ended = backlog;
        if (ReferenceEquals(_turn, backlog))
        {
            _turn = backlog.Next;
        }
    }

    private void Grant(long rows)
    {
        var backlog = _turn!;
        do
        {
            backlog.Deficit += rows;
            backlog = backlog.Next!;
        }
        while (!ReferenceEquals(backlog, _turn));
    }
}
