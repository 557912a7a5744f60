namespace SecureInference.Pipeline.Auditing.Log;

/// <summary>What is wrong with a log, and where.</summary>
/// <param name="Kind">What is wrong.</param>
/// <param name="Message">The same in a sentence.</param>
internal sealed record LogFailure(LogFailureKind Kind, string Message)
{
    public string? File { get; init; }

    public long? Segment { get; init; }

    /// <summary>Gets where in the file.</summary>
    public long? Offset { get; init; }

    /// <summary>Gets the first record that is bad, or may be.</summary>
    public long? Sequence { get; init; }

    /// <summary>Gets one beyond the last record that may be bad, where it is known.</summary>
    public long? EndSequence { get; init; }
}
