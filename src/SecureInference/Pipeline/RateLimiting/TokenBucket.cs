namespace SecureInference.Pipeline.RateLimiting;

/// <summary>A token bucket in one 64-bit word: the time at which it will be full again (the generic cell rate algorithm, ITU-T I.371).</summary>
/// <remarks>Times are nanoseconds from any fixed point. A word of zero is a full bucket. Changed by compare-and-swap only.</remarks>
internal static class TokenBucket
{
    /// <summary>Takes tokens if they are all there.</summary>
    /// <param name="word">The bucket.</param>
    /// <param name="rate">Its size and pace.</param>
    /// <param name="now">The time.</param>
    /// <param name="tokens">How many; at most the bucket's size.</param>
    /// <param name="level">What is left, or what is missing.</param>
    /// <returns>Whether they were taken.</returns>
    public static bool TryTake(ref long word, in BucketRate rate, long now, int tokens, out BucketLevel level)
    {
        while (true)
        {
            var seen = Volatile.Read(ref word);
            var next = Math.Max(seen, now) + (rate.Interval * tokens);
            var excess = next - now - rate.Burst;
            if (excess > 0)
            {
                level = Measure(seen, rate, now) with { Wait = excess };
                return false;
            }

            if (Interlocked.CompareExchange(ref word, next, seen) == seen)
            {
                level = Measure(next, rate, now);
                return true;
            }
        }
    }

    /// <summary>Looks without taking.</summary>
    public static BucketLevel Peek(ref long word, in BucketRate rate, long now) => Measure(Volatile.Read(ref word), rate, now);

    private static BucketLevel Measure(long word, in BucketRate rate, long now)
    {
        var missing = Math.Max(word - now, 0);

        // A caller's other key may have a larger limit, and so empty the bucket further than this one's goes.
        var left = Math.Max(rate.Burst - missing, 0) / rate.Interval;
        var untilNext = missing == 0 ? 0 : missing - ((rate.TokenLimit - left - 1) * rate.Interval);
        return new BucketLevel((int)left, untilNext, Wait: 0);
    }
}
