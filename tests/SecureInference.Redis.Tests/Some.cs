namespace SecureInference.Redis.Tests;

/// <summary>Demands that tests make.</summary>
internal static class Some
{
    /// <summary>A bucket that does not fill while a test runs: one token in a day.</summary>
    public static SharedDemand Bucket(long limit, long tokens = 1, string name = "tokens") => Filling(limit, 1, TimeSpan.FromDays(1), tokens, name);

    public static SharedDemand Filling(long limit, long perPeriod, TimeSpan period, long tokens = 1, string name = "tokens") => new()
    {
        Bucket = name,
        Limit = limit,
        TokensPerPeriod = perPeriod,
        Period = period,
        Tokens = tokens,
    };

    public static SharedDemand Day(long limit, long tokens = 1) => new() { Bucket = "daily", IsDaily = true, Limit = limit, Tokens = tokens };
}
