using System.Runtime.CompilerServices;

namespace SecureInference.Pipeline.RateLimiting;

/// <summary>A bucket's size, and a clock that counts in parts of tokens what has come back since the start.</summary>
/// <remarks>
/// What is missing in a bucket is a distance on this clock, and so a number of tokens, whatever the pace. A changed limit goes on from where the clock stood:
/// no bucket needs to be touched, and none becomes fuller by it.
/// </remarks>
internal sealed class BucketRate
{
    /// <summary>Parts of a token. A wait is told to a thousandth of the time that one token takes, whatever that is.</summary>
    public const int UnitsPerToken = 1024;

    /// <summary>Bytes are counted whole: they are many.</summary>
    public const int UnitsPerByte = 1;

    /// <summary>The fastest clock makes one unit a nanosecond, and then runs for four years: a bucket's word has 57 bits for it.</summary>
    private const int MaxUnitsPerSecond = 1_100_000_000;

    private const int NanosecondsPerTick = 100;
    private const int Shift = 62;
    private const ulong Fraction = (1UL << Shift) - 1;
    private readonly ulong _units;
    private readonly ulong _nanoseconds;
    private readonly ulong _multiplier;
    private readonly long _baseTime;
    private readonly long _baseUnits;

    public BucketRate(BucketTerms terms, int unitsPerToken = UnitsPerToken)
        : this(terms, unitsPerToken, baseTime: 0, baseUnits: 0)
    {
    }

    private BucketRate(BucketTerms terms, int unitsPerToken, long baseTime, long baseUnits)
    {
        Terms = terms;
        Scale = unitsPerToken;
        Burst = (long)terms.TokenLimit * unitsPerToken;
        _baseTime = baseTime;
        _baseUnits = baseUnits;

        _units = (ulong)terms.TokensPerPeriod * (ulong)unitsPerToken;
        _nanoseconds = (ulong)terms.Period.Ticks * NanosecondsPerTick;
        _multiplier = (ulong)(((UInt128)_units << Shift) / _nanoseconds);
    }

    public BucketTerms Terms { get; }

    /// <summary>Gets the units of one token.</summary>
    public int Scale { get; }

    /// <summary>Gets the units that a full bucket holds.</summary>
    public long Burst { get; }

    /// <summary>Says whether the clock would run too fast to be counted.</summary>
    public static bool IsTooFast(BucketTerms terms, int unitsPerToken) =>
        terms.TokensPerPeriod / terms.Period.TotalSeconds * unitsPerToken > MaxUnitsPerSecond;

    /// <summary>Makes the clock of a changed limit, which goes on from where this one stands.</summary>
    public BucketRate Follow(BucketTerms terms, long now) => new(terms, Scale, now, At(now));

    /// <summary>Reads the clock.</summary>
    /// <param name="now">The time, in nanoseconds.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public long At(long now)
    {
        // A thread that read the time before the limit changed is not sent back.
        var elapsed = (ulong)Math.Max(now - _baseTime, 0);
        var high = Math.BigMul(elapsed, _multiplier, out var low);

        // The multiplier is rounded down, by less than one: the exact product is less than the elapsed time further on. That decides nothing but in the last instant
        // of a unit, and then a division does.
        return _baseUnits + (long)((low & Fraction) + elapsed <= Fraction ? (high << (64 - Shift)) | (low >> Shift) : (ulong)((UInt128)elapsed * _units / _nanoseconds));
    }

    /// <summary>Returns the earliest time at which the clock shows so much, in nanoseconds.</summary>
    public long TimeOf(long units) => units <= _baseUnits ? _baseTime : _baseTime + TimeFor(units - _baseUnits);

    /// <summary>Returns how many units of this clock pass while another's does so many, rounded up.</summary>
    public long Convert(long units, BucketRate other) => Ceiling((UInt128)(ulong)other.TimeFor(units) * _units, _nanoseconds);

    private static long Ceiling(UInt128 value, ulong divisor) => (long)UInt128.Min((value + divisor - 1) / divisor, long.MaxValue >> 4);

    private long TimeFor(long units) => Ceiling((UInt128)(ulong)units * _nanoseconds, _units);
}
