namespace SecureInference.Pipeline.RateLimiting;

/// <summary>The size of a bucket and the pace at which it fills, in nanoseconds.</summary>
internal readonly struct BucketRate
{
    private const int NanosecondsPerTick = 100;

    public BucketRate(int tokenLimit, int tokensPerPeriod, TimeSpan period)
    {
        // Rounded up: a rate may come out a hair lower than configured, never higher.
        var nanoseconds = checked(period.Ticks * NanosecondsPerTick);
        Interval = (nanoseconds + tokensPerPeriod - 1) / tokensPerPeriod;
        TokenLimit = tokenLimit;
        Burst = checked(Interval * tokenLimit);
    }

    /// <summary>Gets the time that one token takes to come back.</summary>
    public long Interval { get; }

    public int TokenLimit { get; }

    /// <summary>Gets the time that an empty bucket takes to fill.</summary>
    public long Burst { get; }
}
