namespace SecureInference.Protocol;

/// <summary>What reading a request takes, kept with its connection for the next: so a request allocates none of it.</summary>
internal sealed class InferWork(BytesInFlight inFlight)
{
    private readonly BytesInFlight _inFlight = inFlight;

    public FlightShare Share { get; } = new(inFlight, "");

    public RequestBody Body { get; } = new();

    public CallDraft Draft { get; } = new();

    /// <summary>Takes what the connection keeps. An app that executes a request within itself finds nothing there, and gets its own.</summary>
    public static InferWork Take(InferenceContext context, BytesInFlight inFlight)
    {
        var work = context.Work as InferWork;
        context.Work = null;
        return work is not null && ReferenceEquals(work._inFlight, inFlight) ? work : new InferWork(inFlight);
    }

    /// <summary>Gives back what the request held, and leaves the rest for the next.</summary>
    /// <param name="context">The request's.</param>
    /// <param name="isOver">Whether the run, if there was one, has ended as runs do.</param>
    public void Leave(InferenceContext context, bool isOver)
    {
        Draft.End(isOver);
        Share.Dispose();
        context.Work = this;
    }
}
