namespace SecureInference.Pipeline.RateLimiting;

/// <summary>What one request is charged by one of its limits, and where that limit stands.</summary>
internal sealed class ChargeLine
{
    private const long NanosecondsPerSecond = 1_000_000_000;
    private readonly BucketReceipt[] _receipts = new BucketReceipt[2];
    private Limit? _limit;
    private BucketLevel _level;
    private bool _hasLevel;
    private long _untilNext;

    public Limit Limit => _limit ?? throw new InvalidOperationException("The line is not in use.");

    /// <summary>Gets what the request asks of the limit at this step.</summary>
    public long Asked { get; private set; }

    /// <summary>Gets what it asks at all its steps until this one: what there must be once it tries again.</summary>
    public long AskedInAll { get; private set; }

    /// <summary>Gets whether the limit has less than is asked.</summary>
    public bool IsShort { get; private set; }

    /// <summary>Gets the whole tokens, or bytes, that are there.</summary>
    public long Left { get; private set; }

    /// <summary>Gets the nanoseconds until one more is there; 0 where none is missing.</summary>
    public long UntilNext => _hasLevel ? _level.UntilNext : _untilNext;

    /// <summary>Gets what nodes that share the limit are asked, at each step.</summary>
    public SharedDemand?[] Demands { get; } = new SharedDemand?[2];

    public void Begin(Limit limit)
    {
        _limit = limit;
        AskedInAll = 0;
        IsShort = false;
        Array.Clear(_receipts);
    }

    public void Ask(long tokens)
    {
        Asked = tokens;
        AskedInAll += tokens;
        IsShort = false;
    }

    /// <summary>Notes where this node's bucket stands. What that means in time is worked out when somebody asks.</summary>
    public void Note(in BucketLevel level, bool isShort)
    {
        _level = level;
        _hasLevel = true;
        IsShort = isShort;
        Left = level.Left;
    }

    /// <summary>Notes where the day stands.</summary>
    public void Note(long left, long untilMidnight, bool isShort)
    {
        _hasLevel = false;
        _untilNext = untilMidnight;
        IsShort = isShort;
        Left = left;
    }

    /// <summary>Notes where the nodes' bucket stands.</summary>
    public void Note(SharedDemand answer) => Note(answer.Left, Nanoseconds(answer.UntilNext), answer.IsShort);

    /// <summary>Returns the nanoseconds until a request passes that costs as much as this one, or as much as it is expected to cost.</summary>
    public long WaitFor(long expected)
    {
        // A day is too long to be told for a guess. A body that has said its length is no guess.
        var needed = Limit.IsDaily || (Limit.CountsBytes && AskedInAll > 0) ? AskedInAll : Math.Max(AskedInAll, Math.Min(expected, Limit.Size));
        return needed <= Left ? 0 : _hasLevel ? _level.WaitFor(Math.Min(needed, _level.Rate.Terms.TokenLimit)) : _untilNext + WaitBeyondNext(needed);
    }

    /// <summary>Keeps what giving back needs.</summary>
    public void Keep(ChargeStep step, in BucketReceipt receipt) => _receipts[(int)step] = receipt;

    /// <summary>Hands out what was kept, once.</summary>
    public BucketReceipt Release(ChargeStep step)
    {
        var receipt = _receipts[(int)step];
        _receipts[(int)step] = default;
        return receipt;
    }

    /// <summary>Takes what one step gave back out of the account of the other, which it does not concern.</summary>
    public void NoteGivenBack(long change)
    {
        ref var receipt = ref _receipts[(int)ChargeStep.Least];
        receipt = receipt with { GivenBack = receipt.GivenBack + change };
    }

    /// <summary>Says whether this limit is nearer to its end than another.</summary>
    public bool IsTighterThan(ChargeLine other) => (double)Left / Limit.Size < (double)other.Left / other.Limit.Size;

    /// <summary>Rounds up: a caller that waits as told must not be early.</summary>
    public static long ToSeconds(long nanoseconds) => (nanoseconds + NanosecondsPerSecond - 1) / NanosecondsPerSecond;

    // Of a bucket that is not this node's. Rounded up, token by token: never too early. A day has the whole wait in it.
    private long WaitBeyondNext(long needed) => Limit.IsDaily
        ? 0
        : (needed - Left - 1) * ((Nanoseconds(Limit.Terms.Period) + Limit.Terms.TokensPerPeriod - 1) / Limit.Terms.TokensPerPeriod);

    private static long Nanoseconds(TimeSpan time) => time.Ticks * TimeSpan.NanosecondsPerTick;
}
