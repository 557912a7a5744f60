namespace SecureInference.Runtime.Batching;

/// <summary>Where a request stands.</summary>
internal enum QueuedState
{
    /// <summary>It is not in the queue yet.</summary>
    Arriving,

    /// <summary>It waits, and may be taken out.</summary>
    Waiting,

    /// <summary>A lane runs it.</summary>
    Running,

    /// <summary>Somebody answers it.</summary>
    Ended,
}
