namespace SecureInference.Pipeline.Auditing.Log;

/// <summary>What the start found.</summary>
internal sealed record RecoveryReport
{
    public required string Origin { get; init; }

    /// <summary>Gets the records that are left.</summary>
    public required long Size { get; init; }

    /// <summary>Gets whether the log had been closed, or there was none.</summary>
    public required bool IsClean { get; init; }

    /// <summary>Gets the bytes that were cut off and kept in quarantine.</summary>
    public long BytesCut { get; init; }

    /// <summary>Gets the files that hold what was cut.</summary>
    public IReadOnlyList<string> Quarantine { get; init; } = [];

    /// <summary>Gets the folder that an earlier log was moved to, because this one is a copy or raised the alarm.</summary>
    public string? SetAside { get; init; }

    /// <summary>Gets the alarm in spite of which it was started.</summary>
    public LogFailure? Alarm { get; init; }

    /// <summary>Gets whether a record should tell of it.</summary>
    public bool IsWorthARecord => !IsClean || SetAside is not null;
}
