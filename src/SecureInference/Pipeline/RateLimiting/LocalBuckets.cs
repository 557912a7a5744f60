namespace SecureInference.Pipeline.RateLimiting;

/// <summary>Charges what this node counts by itself.</summary>
internal sealed class LocalBuckets(CallerStates states, LimitCounts counts, TimeProvider time) : ICallerBuckets
{
    /// <summary>Held while something is given back, which is rare; takes do not ask for it.</summary>
    private readonly Lock _givingBack = new();

    /// <summary>Takes what the lines ask for, from all of their limits or from none.</summary>
    public bool TryTake(CallerState state, ReadOnlySpan<ChargeLine> lines, ChargeStep step)
    {
        // Looked at first, where there are several, so that a refused request takes nothing from anybody in most cases, and is told of every limit.
        if (lines.Length > 1 && !Look(state, lines))
        {
            return false;
        }

        for (var index = 0; index < lines.Length; index++)
        {
            if (!TryTake(state, lines[index], step))
            {
                GiveBack(state, lines[..index], step);
                return false;
            }
        }

        return true;
    }

    /// <summary>Sees where limits stand.</summary>
    /// <returns>Whether each has what is asked of it.</returns>
    public bool Look(CallerState state, ReadOnlySpan<ChargeLine> lines)
    {
        var isEnough = true;
        foreach (var line in lines)
        {
            if (line.Limit.IsDaily)
            {
                var left = Math.Max(line.Limit.DailyShare - DayCount.Used(state.Usage?.Day ?? 0, Today()), 0);
                line.Note(left, UntilMidnight(), AskedOf(line) > left);
            }
            else
            {
                var limit = line.Limit;
                var level = TokenBucket.Peek(ref Word(state, limit), Family(limit), limit.Member, states.Now());
                line.Note(level, AskedOf(line) > level.Left);
            }

            isEnough &= !line.IsShort;
        }

        return isEnough;
    }

    /// <summary>Puts back what a step has taken.</summary>
    public void GiveBack(CallerState state, ReadOnlySpan<ChargeLine> lines, ChargeStep step)
    {
        foreach (var line in lines)
        {
            var receipt = line.Release(step);
            if (receipt.Units == 0)
            {
                continue;
            }

            if (line.Limit.IsDaily)
            {
                DayCount.GiveBack(ref state.CountUsage().Day, receipt.Member, receipt.Units);
                continue;
            }

            lock (_givingBack)
            {
                line.NoteGivenBack(
                    TokenBucket.GiveBack(ref Word(state, line.Limit), ref GivenBack(state, line.Limit), Family(line.Limit), receipt, states.Now()));
            }
        }
    }

    public bool AreFull(CallerState state, long bucket, long now)
    {
        if (!TokenBucket.IsFull(bucket, counts.Tokens, now))
        {
            return false;
        }

        if (state.Usage is not { } usage)
        {
            return true;
        }

        for (var place = 0; place < usage.Models.Count; place++)
        {
            if (!TokenBucket.IsFull(Volatile.Read(ref usage.Models[place].Bucket), counts.Models[place], now))
            {
                return false;
            }
        }

        return Volatile.Read(ref usage.Running) == 0
            && DayCount.Used(Volatile.Read(ref usage.Day), Today()) == 0
            && TokenBucket.IsFull(Volatile.Read(ref usage.Bytes), counts.Bytes, now);
    }

    private bool TryTake(CallerState state, ChargeLine line, ChargeStep step)
    {
        var limit = line.Limit;
        var asked = AskedOf(line);
        if (limit.IsDaily)
        {
            var today = Today();
            var isThere = DayCount.TryTake(ref state.CountUsage().Day, today, limit.DailyShare, asked, out var left);
            line.Keep(step, isThere ? new BucketReceipt(today, asked, FullAt: 0, GivenBack: 0) : default);
            line.Note(left, UntilMidnight(), !isThere);
            return isThere;
        }

        // Read before the take: what is given back in between then counts as given back after it, which errs on the strict side.
        var givenBack = limit.Kind == LimitKind.Caller && state.Usage is null ? 0 : Volatile.Read(ref GivenBack(state, limit));
        var isTaken = TokenBucket.TryTake(ref Word(state, limit), Family(limit), limit.Member, states.Now(), asked, out var level);
        line.Keep(step, isTaken ? new BucketReceipt(limit.Member, asked * level.Rate.Scale, level.FullAt, givenBack) : default);
        line.Note(level, !isTaken);
        return isTaken;
    }

    // Where nodes keep their parts of a limit, a request may cost more than this node's part. It takes all of that: no limit is to shut such requests out.
    private static long AskedOf(ChargeLine line) =>
        Math.Min(line.Asked, line.Limit.IsDaily ? line.Limit.DailyShare : Family(line.Limit)[line.Limit.Member].Terms.TokenLimit);

    private static BucketFamily Family(Limit limit) => limit.Family ?? throw new InvalidOperationException("A day has no clock.");

    private static ref long Word(CallerState state, Limit limit)
    {
        switch (limit.Kind)
        {
            case LimitKind.Caller:
                return ref state.Bucket;
            case LimitKind.CallerBytes:
                return ref state.CountUsage().Bytes;
            case LimitKind.CallerModel:
                return ref state.CountUsage().OfModel(limit.Model).Bucket;
            default:
                return ref TotalOf(limit).Bucket;
        }
    }

    private static ref long GivenBack(CallerState state, Limit limit)
    {
        switch (limit.Kind)
        {
            case LimitKind.Caller:
                return ref state.CountUsage().GivenBack;
            case LimitKind.CallerBytes:
                return ref state.CountUsage().BytesGivenBack;
            case LimitKind.CallerModel:
                return ref state.CountUsage().OfModel(limit.Model).GivenBack;
            default:
                return ref TotalOf(limit).GivenBack;
        }
    }

    private static TotalBucket TotalOf(Limit limit) => limit.Total ?? throw new InvalidOperationException("A limit of many has no bucket.");

    private int Today() => (int)(time.GetUtcNow().UtcTicks / TimeSpan.TicksPerDay);

    private long UntilMidnight() => (TimeSpan.TicksPerDay - (time.GetUtcNow().UtcTicks % TimeSpan.TicksPerDay)) * TimeSpan.NanosecondsPerTick;
}
