namespace SecureInference.Pipeline.RateLimiting;

/// <summary>What a bucket holds, and how much comes back in which time.</summary>
internal readonly record struct BucketTerms(int TokenLimit, int TokensPerPeriod, TimeSpan Period)
{
    /// <summary>Returns one node's part of what several share, and never nothing.</summary>
    public BucketTerms Share(int nodes) => nodes == 1 ? this : new BucketTerms(Math.Max(1, TokenLimit / nodes), TokensPerPeriod, Period * nodes);
}
