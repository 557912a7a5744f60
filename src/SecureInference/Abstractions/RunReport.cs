using System.Diagnostics;

namespace SecureInference;

/// <summary>How long a request waited and ran: filled by whoever runs it, before it is answered, and read by whoever asked.</summary>
internal sealed class RunReport
{
    /// <summary>Gets how long it waited for a lane; <see langword="null"/> where it has not run.</summary>
    public TimeSpan? QueueTime { get; private set; }

    /// <summary>Gets how long its run took, that of its whole batch.</summary>
    public TimeSpan? RunTime { get; private set; }

    /// <summary>Gets or sets the span that asks, where there is one.</summary>
    public ActivityContext Asker { get; set; }

    /// <summary>Gets or sets the span of the batch that the request ran in, where there is one.</summary>
    public ActivityContext Batch { get; set; }

    public void Note(TimeSpan queueTime, TimeSpan runTime) => (QueueTime, RunTime) = (queueTime, runTime);

    public void Clear()
    {
        QueueTime = null;
        RunTime = null;
        Asker = default;
        Batch = default;
    }
}
