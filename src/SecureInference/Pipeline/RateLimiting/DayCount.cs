namespace SecureInference.Pipeline.RateLimiting;

/// <summary>Tokens used on one day, in one 64-bit word: the day above, the tokens below. Changed by compare-and-swap only.</summary>
internal static class DayCount
{
    private const int UsedBits = 32;
    private const long UsedMask = (1L << UsedBits) - 1;

    /// <summary>Takes tokens of today if they are all there.</summary>
    public static bool TryTake(ref long word, int today, long limit, long tokens, out long left)
    {
        while (true)
        {
            var seen = Volatile.Read(ref word);
            var used = Used(seen, today);
            left = Math.Max(limit - used, 0);
            if (tokens > left)
            {
                return false;
            }

            if (Interlocked.CompareExchange(ref word, ((IsOf(seen, today) ? seen >> UsedBits : today) << UsedBits) | (used + tokens), seen) == seen)
            {
                left -= tokens;
                return true;
            }
        }
    }

    /// <summary>Says how many tokens of today are used.</summary>
    public static long Used(long word, int today) => IsOf(word, today) ? word & UsedMask : 0;

    /// <summary>Puts tokens back that did no work, where the day they were taken on goes on.</summary>
    public static void GiveBack(ref long word, int day, long tokens)
    {
        while (true)
        {
            var seen = Volatile.Read(ref word);
            if (seen >> UsedBits != day || Interlocked.CompareExchange(ref word, seen - Math.Min(tokens, seen & UsedMask), seen) == seen)
            {
                return;
            }
        }
    }

    // A clock that is set back across midnight must not begin the day anew.
    private static bool IsOf(long word, int today) => word >> UsedBits == today || word >> UsedBits == today + 1;
}
