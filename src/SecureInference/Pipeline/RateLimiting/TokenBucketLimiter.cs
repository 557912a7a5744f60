using System.Threading.RateLimiting;

namespace SecureInference.Pipeline.RateLimiting;

/// <summary>Offers a token bucket as the platform's <see cref="RateLimiter"/>, for an app's own use. It needs no timer, however many there are.</summary>
/// <remarks>
/// Nothing queues: what is not there is refused, and the lease's <see cref="MetadataName.RetryAfter"/> says when it will be. A lease that is disposed keeps its
/// tokens; they come back with time. The algorithm is the generic cell rate algorithm (ITU-T I.371).
/// </remarks>
public sealed class TokenBucketLimiter : RateLimiter
{
    private const int NanosecondsPerTick = 100;
    private static readonly TokenBucketLease Granted = new(retryAfter: null);

    private readonly BucketFamily _family = new();
    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly int _tokenLimit;
    private long _word;
    private long _granted;
    private long _refused;

    /// <summary>Creates a full bucket.</summary>
    /// <param name="options">Its size and pace; they are read once.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="ArgumentException">The options are out of their range; the message says what to write.</exception>
    public TokenBucketLimiter(TokenBucketOptions options, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Problems(nameof(TokenBucketOptions)).FirstOrDefault() is { } problem)
        {
            throw new ArgumentException(problem, nameof(options));
        }

        _time = time ?? TimeProvider.System;
        _start = _time.GetTimestamp();
        _tokenLimit = options.TokenLimit;
        _family.Set(1, options.Terms, now: 0);
    }

    /// <summary>Gets how long the bucket has been full, or <see langword="null"/> where it is not.</summary>
    public override TimeSpan? IdleDuration
    {
        get
        {
            var now = Now();
            return TokenBucket.IsFull(Volatile.Read(ref _word), _family, now)
                ? TimeSpan.FromTicks((now - TokenBucket.FullSince(Volatile.Read(ref _word), _family)) / NanosecondsPerTick)
                : null;
        }
    }

    /// <inheritdoc/>
    public override RateLimiterStatistics GetStatistics() => new()
    {
        CurrentAvailablePermits = TokenBucket.Peek(ref _word, _family, 1, Now()).Left,
        TotalSuccessfulLeases = Interlocked.Read(ref _granted),
        TotalFailedLeases = Interlocked.Read(ref _refused),
    };

    /// <inheritdoc/>
    protected override RateLimitLease AttemptAcquireCore(int permitCount)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(permitCount, _tokenLimit);

        // Who asks for none asks whether there are any: so the platform has it.
        if (permitCount == 0 && TokenBucket.Peek(ref _word, _family, 1, Now()) is { Left: 0 } empty)
        {
            return Refuse(empty, permitCount: 1);
        }

        if (TokenBucket.TryTake(ref _word, _family, 1, Now(), permitCount, out var level))
        {
            Interlocked.Increment(ref _granted);
            return Granted;
        }

        return Refuse(level, permitCount);
    }

    /// <inheritdoc/>
    protected override ValueTask<RateLimitLease> AcquireAsyncCore(int permitCount, CancellationToken cancellationToken) =>
        ValueTask.FromResult(AttemptAcquireCore(permitCount));

    private TokenBucketLease Refuse(in BucketLevel level, int permitCount)
    {
        Interlocked.Increment(ref _refused);

        // Rounded up to the clock's next tick: who waits as told must not be early.
        return new TokenBucketLease(TimeSpan.FromTicks((level.WaitFor(permitCount) + NanosecondsPerTick - 1) / NanosecondsPerTick));
    }

    private long Now() => _time.GetElapsedTime(_start).Ticks * NanosecondsPerTick;
}
