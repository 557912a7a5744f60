namespace SecureInference.Pipeline.RateLimiting;

/// <summary>The limits of a caller's request, by its tier and its model.</summary>
internal sealed class LimitPlan
{
    /// <summary>Gets the tier that headers name.</summary>
    public required string Tier { get; init; }

    /// <summary>Gets the limits. The caller's own come first, and its bucket of tokens is the very first.</summary>
    public required Limit[] Limits
    {
        get;
        init
        {
            field = value;
            CountsBytes = Array.Exists(value, static limit => limit.CountsBytes);
        }
    }

    /// <summary>Gets how many of the limits are the caller's own.</summary>
    public required int OwnLimits { get; init; }

    /// <summary>Gets the requests that may go on at once.</summary>
    public int? Concurrency { get; init; }

    /// <summary>Gets what a row costs, and so the least that an infer request does.</summary>
    public required int RowCost { get; init; }

    /// <summary>Gets whether each row costs.</summary>
    public required bool CountsRows { get; init; }

    /// <summary>Gets whether bytes cost.</summary>
    public bool CountsBytes { get; private init; }

    /// <summary>Gets the value of <c>RateLimit-Policy</c>.</summary>
    public required string Header { get; init; }

    /// <summary>Gets the name of the limit of requests at once.</summary>
    public string ConcurrencyName => $"{Tier}-concurrency";
}
