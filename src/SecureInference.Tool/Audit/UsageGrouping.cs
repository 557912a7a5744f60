namespace SecureInference.Tool.Audit;

/// <summary>What a report tells apart.</summary>
internal enum UsageGrouping
{
    CallerAndModel,
    Caller,
    Model,
    Day,
}
