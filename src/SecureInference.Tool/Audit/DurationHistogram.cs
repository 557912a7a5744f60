using System.Numerics;

namespace SecureInference.Tool.Audit;

/// <summary>Keeps how long many requests took, in little memory: percentiles are exact to about 6 %.</summary>
internal sealed class DurationHistogram
{
    private const int StepBits = 3;
    private const int Steps = 1 << StepBits;

    // Up to 2^40 microseconds, which are 12 days.
    private const int MaxBucket = 40 * Steps;

    private readonly int[] _counts = new int[MaxBucket + 1];
    private long _total;

    public void Add(TimeSpan duration)
    {
        _counts[BucketOf((ulong)Math.Max(duration.TotalMicroseconds, 0))]++;
        _total++;
    }

    public void Add(DurationHistogram other)
    {
        for (var bucket = 0; bucket < _counts.Length; bucket++)
        {
            _counts[bucket] += other._counts[bucket];
        }

        _total += other._total;
    }

    /// <summary>Returns below which time the share of requests lies; <see langword="null"/> where there were none.</summary>
    public TimeSpan? Percentile(double share)
    {
        var rank = (long)Math.Ceiling(share * _total);
        var seen = 0L;
        for (var bucket = 0; bucket < _counts.Length; bucket++)
        {
            seen += _counts[bucket];
            if (seen >= rank && seen > 0)
            {
                return TimeSpan.FromMicroseconds((LowerEnd(bucket) + LowerEnd(bucket + 1)) / 2);
            }
        }

        return null;
    }

    // Eight steps for each doubling; below eight, a step for each.
    private static int BucketOf(ulong microseconds)
    {
        if (microseconds < Steps)
        {
            return (int)microseconds;
        }

        var shift = BitOperations.Log2(microseconds) - StepBits;
        return Math.Min(((shift + 1) << StepBits) + (int)((microseconds >> shift) & (Steps - 1)), MaxBucket);
    }

    private static double LowerEnd(int bucket) => bucket < Steps ? bucket : Math.ScaleB(Steps + (bucket & (Steps - 1)), (bucket >> StepBits) - 1);
}
