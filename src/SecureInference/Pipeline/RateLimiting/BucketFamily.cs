namespace SecureInference.Pipeline.RateLimiting;

/// <summary>The rates that one word may be charged at: a caller's keys may be of several tiers. The word says by whose clock it counts.</summary>
internal sealed class BucketFamily(int unitsPerToken = BucketRate.UnitsPerToken, int members = 1)
{
    /// <summary>A word has six bits for it. The first of them is nobody's: it stands in the words of buckets that nothing was ever taken from.</summary>
    public const int MaxMembers = 62;

    private readonly BucketRate?[] _rates = new BucketRate?[members + 1];

    /// <summary>Returns the rate in force of a member.</summary>
    /// <param name="member">From 1.</param>
    public BucketRate this[int member] => Volatile.Read(ref _rates[member])
        ?? throw new InvalidOperationException("A bucket counts by a clock that was never made.");

    /// <summary>Puts a limit in force.</summary>
    public void Set(int member, BucketTerms terms, long now)
    {
        var before = Volatile.Read(ref _rates[member]);
        if (before is null || before.Terms != terms)
        {
            Volatile.Write(ref _rates[member], before?.Follow(terms, now) ?? new BucketRate(terms, unitsPerToken));
        }
    }
}
