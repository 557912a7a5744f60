using SecureInference.Pipeline.Auditing;

namespace SecureInference.Tool.Audit;

/// <summary>Which records are asked for; what is not set lets all pass.</summary>
internal sealed record RecordFilter
{
    public string? Caller { get; init; }

    public string? Model { get; init; }

    public string? Decision { get; init; }

    public string? RequestId { get; init; }

    public DateTimeOffset? Since { get; init; }

    /// <summary>Gets the end of the period, which is no more in it.</summary>
    public DateTimeOffset? Until { get; init; }

    public bool Passes(AuditRecord record) =>
        (Caller is null || record.Caller == Caller)
        && (Model is null || record.Model == Model)
        && (Decision is null || record.Decision == Decision)
        && (RequestId is null || record.RequestId == RequestId)
        && IsInPeriod(record);

    public bool IsInPeriod(AuditRecord record) => !(record.Time < Since) && !(record.Time >= Until);
}
