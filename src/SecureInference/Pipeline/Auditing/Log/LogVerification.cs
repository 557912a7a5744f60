namespace SecureInference.Pipeline.Auditing.Log;

/// <summary>What a check of a log found.</summary>
internal sealed record LogVerification
{
    /// <summary>Gets what is wrong first, or <see langword="null"/>.</summary>
    public LogFailure? Failure { get; init; }

    public required string Origin { get; init; }

    /// <summary>Gets the oldest record that is there; those before were removed by retention.</summary>
    public long FirstSequence { get; init; }

    /// <summary>Gets the records of the log, up to where it was read.</summary>
    public long Size { get; init; }

    /// <summary>Gets the root of the tree at that size.</summary>
    public required byte[] Root { get; init; }

    /// <summary>Gets how many of them the newest checkpoint signs.</summary>
    public long SignedSize { get; init; }

    public SignedCheckpoint? Checkpoint { get; init; }

    public int Segments { get; init; }

    /// <summary>Gets the bytes at the end that are no whole frame yet.</summary>
    public long UnfinishedBytes { get; init; }
}
