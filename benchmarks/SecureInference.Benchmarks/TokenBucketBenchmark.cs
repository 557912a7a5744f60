using System.Threading.RateLimiting;
using BenchmarkDotNet.Attributes;
using SecureInference.Pipeline.RateLimiting;

namespace SecureInference.Benchmarks;

/// <summary>What does it cost to take a token, beside the platform's bucket?</summary>
[MemoryDiagnoser]
public class TokenBucketBenchmark
{
    // A token a nanosecond: more than can be asked for, so that what is measured are takes.
    private readonly BucketFamily _family = new(BucketRate.UnitsPerByte);
    private readonly TimeProvider _time = TimeProvider.System;
    private readonly PartitionedRateLimiter<string> _partitioned = PartitionedRateLimiter.Create<string, string>(static key =>
        RateLimitPartition.GetTokenBucketLimiter(key, static _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = int.MaxValue,
            TokensPerPeriod = int.MaxValue,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1),
            QueueLimit = 0,
        }));

    private long _word;

    public TokenBucketBenchmark() => _family.Set(1, new BucketTerms(1_000_000_000, 1_000_000_000, TimeSpan.FromSeconds(1)), now: 0);

    [Benchmark(Baseline = true)]
    public bool Partitioned()
    {
        using var lease = _partitioned.AttemptAcquire("caller");
        return lease.IsAcquired;
    }

    [Benchmark]
    public bool TokenBucket() =>
        Pipeline.RateLimiting.TokenBucket.TryTake(ref _word, _family, 1, _time.GetElapsedTime(0).Ticks * 100, 1, out _);
}
