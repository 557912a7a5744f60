using SecureInference.Pipeline.Auditing.Log;

namespace SecureInference.Tool.Audit;

/// <summary>What <c>audit verify --json</c> prints.</summary>
internal sealed record VerifiedLog(bool Ok, string? Log, FoundFailure? Failure)
{
    public long FirstRecord { get; init; }

    /// <summary>Gets one beyond the last record.</summary>
    public long Size { get; init; }

    /// <summary>Gets one beyond the last record that the newest checkpoint signs.</summary>
    public long SignedSize { get; init; }

    public string? Root { get; init; }

    public string? Checkpoint { get; init; }

    /// <summary>Gets the sizes of the checkpoints from elsewhere that the log goes on from.</summary>
    public IReadOnlyList<long> GoesOnFrom { get; init; } = [];

    public int Files { get; init; }

    public long UnfinishedBytes { get; init; }

    public DateTime? From { get; init; }

    public DateTime? To { get; init; }

    public long Requests { get; init; }

    public long LostRecords { get; init; }

    public long Recoveries { get; init; }

    public long UncleanEnds { get; init; }

    public long UnreadableRecords { get; init; }

    /// <summary>Says what was found; of a log that failed nothing is said but the failure, since none of it is proven.</summary>
    public static VerifiedLog Of(LogVerification verification, LogDiary diary, IReadOnlyList<Checkpoint> known) => verification.Failure is { } failure
        ? new VerifiedLog(false, verification.Origin.Length == 0 ? null : verification.Origin, FoundFailure.From(failure))
        : new VerifiedLog(true, verification.Origin, null)
        {
            FirstRecord = verification.FirstSequence,
            Size = verification.Size,
            SignedSize = verification.SignedSize,
            Root = Convert.ToBase64String(verification.Root),
            Checkpoint = verification.Checkpoint is { } checkpoint ? System.Text.Encoding.UTF8.GetString(checkpoint.Note) : null,
            GoesOnFrom = [.. known.Select(static checkpoint => checkpoint.Size)],
            Files = verification.Segments,
            UnfinishedBytes = verification.UnfinishedBytes,
            From = diary.First?.UtcDateTime,
            To = diary.Last?.UtcDateTime,
            Requests = diary.Requests,
            LostRecords = diary.Lost,
            Recoveries = diary.Recoveries,
            UncleanEnds = diary.UncleanEnds,
            UnreadableRecords = diary.Unreadable,
        };
}
