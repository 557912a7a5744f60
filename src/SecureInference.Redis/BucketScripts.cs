namespace SecureInference.Redis;

/// <summary>
/// What Redis runs, each as one indivisible step on its own clock. A hash for each owner holds three fields for each bucket: what is missing in it
/// (in a day's: what the day has used), when that was true, in microseconds, and how much was given back to it in all.
/// </summary>
internal static class BucketScripts
{
    /// <summary>
    /// Takes from all buckets or from none. For each bucket: name, 1 for a day's, limit, tokens that come back in a microsecond, tokens to take, tokens to
    /// take beyond them as far as they are there. Answers the time, and for each bucket: whole tokens left, microseconds until the next, microseconds until
    /// enough, 1 where short, missing, given back, taken beyond.
    /// </summary>
    public const string Take = Shared + """
        local lines, answer, short, changed, ttl = #ARGV / 6, { now }, false, {}, 0
        local buckets = {}
        for i = 1, lines do
            local at = (i - 1) * 6
            local b = read(ARGV[at + 1], ARGV[at + 2], tonumber(ARGV[at + 4]))
            b.limit, b.tokens, b.extra = tonumber(ARGV[at + 3]), tonumber(ARGV[at + 5]), tonumber(ARGV[at + 6])
            -- Where a limit was lowered, more may be missing than it holds: the wait is told for all of it, or it would be told again and again.
            b.short = b.tokens > 0 and b.missing + b.tokens > b.limit + EPSILON
            short = short or b.short
            buckets[i] = b
        end
        for i = 1, lines do
            local b, granted, next, wait = buckets[i], 0, 0, 0
            if not short then
                b.missing = b.missing + b.tokens
                granted = math.max(0, math.min(b.extra, math.floor(b.limit - b.missing + EPSILON)))
                b.missing = b.missing + granted
            end
            local left = math.max(0, math.floor(b.limit - b.missing + EPSILON))
            if b.daily then
                next = midnight - now
                if b.short then wait = next end
            else
                if b.missing > EPSILON then next = micros((b.missing - (b.limit - left - 1)) / b.rate) end
                if b.short then wait = micros((b.missing + b.tokens - b.limit) / b.rate) end
            end
            -- A time to come is written again on a shortage too: otherwise nothing would come back until Redis' clock has caught up with it.
            if (not short and b.tokens + granted > 0) or b.ahead then
                write(b, changed)
                ttl = math.max(ttl, math.ceil((b.daily and midnight - now or micros(b.missing / b.rate)) / 1000) + SLACK)
            end
            local line = { left, next, wait, b.short and 1 or 0, exact(b.missing), exact(b.back), granted }
            for j = 1, 7 do answer[#answer + 1] = line[j] end
        end
        if #changed > 0 then
            redis.call('HSET', KEYS[1], unpack(changed))
            -- Never earlier than another bucket of the owner needs: a key that is gone is a full bucket.
            if redis.call('PTTL', KEYS[1]) < ttl then redis.call('PEXPIRE', KEYS[1], ttl) end
        end
        return answer
        """;

    /// <summary>
    /// Gives back what has not come back by itself since it was taken, nor been given back: anything beyond would make tokens, where the bucket has filled
    /// and others have taken since. For each bucket: name, 1 for a day's, tokens that come back in a microsecond, tokens, and the receipt's time, missing
    /// and given back.
    /// </summary>
    public const string GiveBack = Shared + """
        local changed = {}
        for i = 1, #ARGV / 7 do
            local at = (i - 1) * 7
            local b = read(ARGV[at + 1], ARGV[at + 2], tonumber(ARGV[at + 3]))
            local tokens, time, missing, back = tonumber(ARGV[at + 4]), tonumber(ARGV[at + 5]), tonumber(ARGV[at + 6]), tonumber(ARGV[at + 7])
            local amount = 0
            if b.daily then
                if math.floor(time / DAY) == math.floor(now / DAY) then amount = math.min(tokens, b.missing) end
            elseif now >= time and b.back >= back then
                -- Otherwise the clock went back, or the bucket was lost and begun anew: what is owed to it is not known.
                amount = math.min(tokens, missing - (now - time) * b.rate - (b.back - back), b.missing)
            end
            if amount > 0 then
                b.missing = b.missing - amount
                b.back = b.back + amount
                write(b, changed)
            end
        end
        -- The key is there, or nothing would be missing; it goes when it would have gone.
        if #changed > 0 then redis.call('HSET', KEYS[1], unpack(changed)) end
        return #changed
        """;

    // A millionth of a token: sums of fractions come out a hair beside a whole one, and who has waited as told must pass. It is owed all the same.
    private const string Shared = """
        local EPSILON, DAY, SLACK, LONGEST = 0.000001, 86400000000, 1000, 1000000000000000
        local clock = redis.call('TIME')
        local now = clock[1] * 1000000 + clock[2]
        local midnight = (math.floor(now / DAY) + 1) * DAY
        local function exact(number) return string.format('%.17g', number) end
        local function micros(number) return math.min(math.ceil(number), LONGEST) end
        local function read(name, daily, rate)
            local stored = redis.call('HMGET', KEYS[1], name .. ':missing', name .. ':time', name .. ':back')
            local b = { name = name, daily = daily == '1', rate = rate, missing = tonumber(stored[1] or 0) or 0, back = tonumber(stored[3] or 0) or 0 }
            local time = tonumber(stored[2] or now) or now
            b.ahead = time > now
            if b.daily then
                if math.floor(time / DAY) < math.floor(now / DAY) then b.missing = 0 end
            else
                b.missing = math.max(0, b.missing - math.max(0, now - time) * rate)
            end
            return b
        end
        local function write(b, changed)
            for _, value in ipairs({ b.name .. ':missing', exact(b.missing), b.name .. ':time', exact(now), b.name .. ':back', exact(b.back) }) do
                changed[#changed + 1] = value
            end
        end

        """;
}
