using System.Runtime.CompilerServices;

namespace SecureInference.Pipeline.RateLimiting;

/// <summary>A token bucket in one 64-bit word: when it will be full again (the theoretical arrival time of the generic cell rate algorithm, ITU-T I.371), and by whose clock.</summary>
/// <remarks>A word of zero is a full bucket. Changed by compare-and-swap only.</remarks>
internal static class TokenBucket
{
    private const int MemberBits = 6;
    private const long MemberMask = (1 << MemberBits) - 1;

    /// <summary>Twice the units of the largest bucket.</summary>
    private const long MoreThanAnyBucket = 1L << 42;

    /// <summary>Takes tokens if they are all there.</summary>
    /// <param name="word">The bucket.</param>
    /// <param name="family">Whose clocks the word may count by.</param>
    /// <param name="member">The one that it counts by from now on.</param>
    /// <param name="now">The time, in nanoseconds.</param>
    /// <param name="tokens">How many; at most the bucket's size.</param>
    /// <param name="level">What is there then; where they were not taken, what is there now.</param>
    /// <returns>Whether they were taken.</returns>
    public static bool TryTake(ref long word, BucketFamily family, int member, long now, long tokens, out BucketLevel level)
    {
        var rate = family[member];
        var at = rate.At(now);
        while (true)
        {
            var seen = Volatile.Read(ref word);
            var fullAt = FullAt(seen, family, member, rate, at, now);
            var next = fullAt + (tokens * rate.Scale);
            if (next - at > rate.Burst)
            {
                level = new BucketLevel(rate, now, fullAt, at);
                return false;
            }

            if (Interlocked.CompareExchange(ref word, (next << MemberBits) | (long)(uint)member, seen) == seen)
            {
                level = new BucketLevel(rate, now, next, at);
                return true;
            }
        }
    }

    /// <summary>Looks without taking.</summary>
    public static BucketLevel Peek(ref long word, BucketFamily family, int member, long now)
    {
        var rate = family[member];
        var at = rate.At(now);
        return new BucketLevel(rate, now, FullAt(Volatile.Read(ref word), family, member, rate, at, now), at);
    }

    /// <summary>Puts tokens back that did no work, as far as they have not come back by themselves.</summary>
    /// <param name="word">The bucket.</param>
    /// <param name="givenBack">What was put back into it in all, and by whose clock. The lock that is held guards this and nothing else: takes go on meanwhile.</param>
    /// <param name="family">Whose clocks the word may count by.</param>
    /// <param name="receipt">The take that is undone.</param>
    /// <param name="now">The time, in nanoseconds.</param>
    /// <returns>What <paramref name="givenBack"/> has grown by.</returns>
    public static long GiveBack(ref long word, ref long givenBack, BucketFamily family, in BucketReceipt receipt, long now)
    {
        if (receipt.Member == 0)
        {
            return 0;
        }

        // One count cannot be of two clocks. Where another tier's was counted last, nothing is given back, and no older receipt is good any more.
        var before = givenBack;
        if ((before & MemberMask) is var last && last != 0 && last != receipt.Member)
        {
            Volatile.Write(ref givenBack, (((before >> MemberBits) + MoreThanAnyBucket) << MemberBits) | (long)(uint)receipt.Member);
            return givenBack - before;
        }

        // Since the take, the bucket has been at least this far from full, at all times. What is more than that had come back before others took,
        // and would be tokens out of nothing.
        var at = family[receipt.Member].At(now);
        var amount = Math.Min(receipt.Units, receipt.FullAt - ((before - receipt.GivenBack) >> MemberBits) - at);
        while (amount > 0)
        {
            var seen = Volatile.Read(ref word);
            if ((seen & MemberMask) != receipt.Member)
            {
                // Another tier's clock by now, or swept out.
                return 0;
            }

            if (Interlocked.CompareExchange(ref word, seen - (amount << MemberBits), seen) == seen)
            {
                // After the word: a take that falls between the two believes that less was put back before it, and is given less itself.
                Volatile.Write(ref givenBack, (((before >> MemberBits) + amount) << MemberBits) | (long)(uint)receipt.Member);
                return givenBack - before;
            }
        }

        return 0;
    }

    /// <summary>Says whether nothing is missing in a bucket.</summary>
    public static bool IsFull(long word, BucketFamily family, long now) =>
        (word & MemberMask) is var member && (member == 0 || (word >> MemberBits) <= family[(int)member].At(now));

    /// <summary>Returns when a bucket that is full became so, in nanoseconds; one that nothing was ever taken from was so from the start.</summary>
    public static long FullSince(long word, BucketFamily family) =>
        (word & MemberMask) is var member && member == 0 ? 0 : family[(int)member].TimeOf(word >> MemberBits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static long FullAt(long seen, BucketFamily family, int member, BucketRate rate, long at, long now) =>
        (seen & MemberMask) == member ? Math.Max(seen >> MemberBits, at) : FullAtByOther(seen, family, rate, at, now);

    private static long FullAtByOther(long seen, BucketFamily family, BucketRate rate, long at, long now)
    {
        var other = (int)(seen & MemberMask);
        if (other > BucketFamily.MaxMembers)
        {
            // Swept out: it holds nothing, and nobody takes from it.
            return at + rate.Burst;
        }

        if (other == 0)
        {
            return at;
        }

        // What is missing is a time, which counts in this clock as much as in the other: who uses a tenth of one limit has nine tenths of every other.
        var clock = family[other];
        var missing = (seen >> MemberBits) - clock.At(now);
        return missing <= 0 ? at : at + rate.Convert(missing, clock);
    }
}
