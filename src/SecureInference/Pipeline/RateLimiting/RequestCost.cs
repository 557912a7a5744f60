namespace SecureInference.Pipeline.RateLimiting;

/// <summary>What an infer request costs; every other one costs one token.</summary>
public enum RequestCost
{
    /// <summary>One token.</summary>
    Requests,

    /// <summary>A token for each row.</summary>
    Rows,

    /// <summary>The model's <see cref="ModelLimitOptions.Weight"/> in tokens for each row.</summary>
    WeightedRows,
}
