using System.Threading.RateLimiting;
using BenchmarkDotNet.Attributes;
using SecureInference.Pipeline.RateLimiting;

namespace SecureInference.Benchmarks;

/// <summary>What does it cost to take a token, beside the platform's bucket, alone and in partitions?</summary>
/// <remarks>Reading the clock is included. Every take is granted but those of <see cref="Refused"/>.</remarks>
[MemoryDiagnoser]
public class TokenBucketBenchmark
{
    private const long Microsecond = 1_000;

    private static readonly TokenBucketRateLimiterOptions Plenty = new()
    {
        TokenLimit = int.MaxValue,
        TokensPerPeriod = int.MaxValue,
        ReplenishmentPeriod = TimeSpan.FromSeconds(1),
        QueueLimit = 0,
    };

    private readonly BucketFamily _family = new();
    private readonly TimeProvider _time = TimeProvider.System;
    private readonly TokenBucketRateLimiter _platform = new(Plenty);
    private readonly PartitionedRateLimiter<string> _partitioned = PartitionedRateLimiter.Create<string, string>(static key =>
        RateLimitPartition.GetTokenBucketLimiter(key, static _ => Plenty));

    private long _word;
    private long _emptyWord;
    private long _ahead;

    public TokenBucketBenchmark()
    {
        _family.Set(1, new BucketTerms(1_000_000, 1_000_000, TimeSpan.FromSeconds(1)), now: 0);
        Pipeline.RateLimiting.TokenBucket.TryTake(ref _emptyWord, _family, 1, 1L << 56, 1_000_000, out _);
    }

    [Benchmark(Baseline = true)]
    public bool Partitioned()
    {
        using var lease = _partitioned.AttemptAcquire("caller");
        return lease.IsAcquired;
    }

    [Benchmark]
    public bool Platform()
    {
        using var lease = _platform.AttemptAcquire();
        return lease.IsAcquired;
    }

    // A microsecond later each time, in which a token comes back: otherwise the bucket would soon be empty.
    [Benchmark]
    public bool TokenBucket() =>
        Pipeline.RateLimiting.TokenBucket.TryTake(ref _word, _family, 1, Now() + (_ahead += Microsecond), 1, out _) ? true : throw new InvalidOperationException("Refused.");

    [Benchmark]
    public bool Refused() => Pipeline.RateLimiting.TokenBucket.TryTake(ref _emptyWord, _family, 1, Now(), 1, out _);

    private long Now() => _time.GetElapsedTime(0).Ticks * 100;
}
