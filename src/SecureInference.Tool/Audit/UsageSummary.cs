namespace SecureInference.Tool.Audit;

/// <summary>What <c>audit report --json</c> prints; verified, where only records were counted that a checkpoint signs.</summary>
internal sealed record UsageSummary(bool Verified, DateTime? From, DateTime? To, UsageLine Total, IReadOnlyList<UsageLine> Lines)
{
    public IReadOnlyDictionary<string, long> RefusedStrangers { get; init; } = new Dictionary<string, long>();

    /// <summary>Gets the records that the log had no room for: so much is missing here.</summary>
    public long LostRecords { get; init; }

    public long UnreadableRecords { get; init; }
}
