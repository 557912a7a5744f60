namespace SecureInference.Runtime.Batching;

/// <summary>What a request asks of the queue, within its caller's rights.</summary>
internal readonly struct Ticket
{
    public Ticket(InferenceRequest request, BatchingPlan plan, bool mayShare = true)
    {
        Request = request;
        Subject = request.Caller?.Subject ?? "";
        Priority = PriorityOf(request);
        var rows = BatchRule.RowsOf(request);
        Rows = Math.Max(rows, 1);
        MayShare = mayShare && plan.MaxRows > 1 && rows > 0;
        (Timeout, IsOwnDeadline) = TimeoutOf(request, plan.Timeout);
    }

    public InferenceRequest Request { get; }

    public string Subject { get; }

    public int Priority { get; }

    public int Rows { get; }

    /// <summary>Gets whether its rows may share a batch with others'.</summary>
    public bool MayShare { get; }

    public TimeSpan Timeout { get; }

    /// <summary>Gets whether the request gave itself less time than the model has.</summary>
    public bool IsOwnDeadline { get; }

    // Whoever may ask for no priority waits with those who ask for none; an app that names no caller may ask for anything.
    private static int PriorityOf(InferenceRequest request)
    {
        var highest = request.Caller is { } caller ? caller.HighestPriority ?? FairQueue.LowestPriority : 1;
        return Math.Clamp(request.Priority ?? FairQueue.LowestPriority, Math.Min(highest, FairQueue.LowestPriority), FairQueue.LowestPriority);
    }

    // A request may shorten the model's time. It cannot ask for none, and what has run out is over.
    private static (TimeSpan Timeout, bool IsOwn) TimeoutOf(InferenceRequest request, TimeSpan most) => request.Timeout switch
    {
        { } asked when asked != System.Threading.Timeout.InfiniteTimeSpan && asked < TimeSpan.Zero => (TimeSpan.Zero, true),
        { } asked when asked >= TimeSpan.Zero && asked < most => (asked, true),
        _ => (most, false),
    };
}
