namespace SecureInference.Tool.Audit;

/// <summary>A line of a report, for programs.</summary>
internal sealed record UsageLine(DateOnly? Day, string? Caller, string? Model, bool Others)
{
    public long Requests { get; init; }

    public long Answered { get; init; }

    public long Refused { get; init; }

    public long Failed { get; init; }

    public long Abandoned { get; init; }

    /// <summary>Gets the requests whose outcome is not there.</summary>
    public long Open { get; init; }

    public long Rows { get; init; }

    public long Cost { get; init; }

    public long BytesIn { get; init; }

    public long BytesOut { get; init; }

    public double? P50Ms { get; init; }

    public double? P95Ms { get; init; }

    public IReadOnlyDictionary<string, long> RefusedBy { get; init; } = new Dictionary<string, long>();

    public static UsageLine From(UsageKey key, UsageCell cell) => new(key.Day, key.Caller, key.Model, key.IsOthers)
    {
        Requests = cell.Requests,
        Answered = cell.Answered,
        Refused = cell.Refused,
        Failed = cell.Failed,
        Abandoned = cell.Abandoned,
        Open = cell.Open,
        Rows = cell.Rows,
        Cost = cell.Cost,
        BytesIn = cell.BytesIn,
        BytesOut = cell.BytesOut,
        P50Ms = Milliseconds(cell.Percentile(0.5)),
        P95Ms = Milliseconds(cell.Percentile(0.95)),
        RefusedBy = cell.Rules,
    };

    private static double? Milliseconds(TimeSpan? time) => time is { } value ? Math.Round(value.TotalMilliseconds, 3) : null;
}
