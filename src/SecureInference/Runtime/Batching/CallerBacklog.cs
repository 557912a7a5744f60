namespace SecureInference.Runtime.Batching;

/// <summary>What one caller has waiting at one priority, and what of its turn is left.</summary>
/// <remarks>A ring of backlogs, and in each a list of requests in the order in which they came. Used under the queue's lock.</remarks>
internal sealed class CallerBacklog(FairLevel level)
{
    /// <summary>Gets the priority that it waits at.</summary>
    public FairLevel Level => level;

    /// <summary>Gets or sets the rows that it may still take, or has taken beyond its turn where below 0.</summary>
    public long Deficit { get; set; }

    /// <summary>Gets or sets the busy period that <see cref="Deficit"/> is of: shares mean nothing beyond it.</summary>
    public long Period { get; set; }

    /// <summary>Gets or sets the next backlog of the ring.</summary>
    public CallerBacklog? Next { get; set; }

    /// <summary>Gets or sets the backlog before it in the ring.</summary>
    public CallerBacklog? Before { get; set; }

    public int Count { get; private set; }

    /// <summary>Gets the rows of all its requests.</summary>
    public int Rows { get; private set; }

    public QueuedRequest? Oldest { get; private set; }

    public QueuedRequest? Newest { get; private set; }

    public void Add(QueuedRequest request)
    {
        request.Backlog = this;
        request.Previous = Newest;
        if (Newest is null)
        {
            Oldest = request;
        }
        else
        {
            Newest.Next = request;
        }

        Newest = request;
        Count++;
        Rows += request.Rows;
    }

    public void Remove(QueuedRequest request)
    {
        if (request.Previous is null)
        {
            Oldest = request.Next;
        }
        else
        {
            request.Previous.Next = request.Next;
        }

        if (request.Next is null)
        {
            Newest = request.Previous;
        }
        else
        {
            request.Next.Previous = request.Previous;
        }

        request.Previous = null;
        request.Next = null;
        request.Backlog = null;
        Count--;
        Rows -= request.Rows;
    }
}
