using SecureInference.Pipeline.RateLimiting;

namespace SecureInference.Tests.Pipeline.RateLimiting;

public sealed class TokenBucketTests
{
    private const int Member = 1;

    [Theory]
    [InlineData(1, 1, 1.0, 1)]
    [InlineData(60, 20, 1.0, 2)]
    [InlineData(3, 7, 0.013, 3)]
    [InlineData(1000, 1, 0.0001, 4)]
    [InlineData(5, 3, 86400.0, 5)]
    [InlineData(int.MaxValue, 1_000_000, 1.0, 6)]
    public void TryTake_RandomTraffic_AgreesWithAnExactModel(int limit, int perPeriod, double seconds, int seed)
    {
        var random = new Random(seed);
        var terms = Terms(limit, perPeriod, seconds);
        var family = Family(terms);
        var word = 0L;
        var now = 0L;
        var interval = (long)(seconds * 1e9 / perPeriod);

        // In parts of tokens as the clock counts them, of which the exact number is a part of one ahead at most.
        var clock = new BucketRate(terms);
        var credit = clock.Burst;
        for (var step = 0; step < 20_000; step++)
        {
            var before = clock.At(now);
            now += random.Next(4) == 0 ? 0 : random.NextInt64(3 * interval);
            credit = Math.Min(clock.Burst, credit + clock.At(now) - before);
            var tokens = random.Next(8) == 0 ? random.Next(1, Math.Min(limit, 50) + 1) : 1;

            var isTaken = TokenBucket.TryTake(ref word, family, Member, now, tokens, out var level);

            Assert.Equal(credit >= tokens * (long)clock.Scale, isTaken);
            credit -= isTaken ? tokens * (long)clock.Scale : 0;
            Assert.Equal(credit / clock.Scale, level.Left);
            Assert.Equal(level, TokenBucket.Peek(ref word, family, Member, now));
        }
    }

    [Theory]
    [InlineData(1, 1, 1.0)]
    [InlineData(20, 1, 1.0)]
    [InlineData(1_000_000, 1, 1.0)]
    [InlineData(1, 86400, 7.0)]
    [InlineData(1000, 3600, 3.0)]
    [InlineData(7, 0.013, 0.1)]
    public void At_AnyTime_IsExact(int perPeriod, double seconds, double days)
    {
        var clock = new BucketRate(Terms(1, perPeriod, seconds));
        var random = new Random(perPeriod);
        for (var step = 0; step < 3000; step++)
        {
            // Some times at random, some where a token has just come back, and the nanosecond before.
            var now = (long)Math.Min(step * days * 86400e9, 1L << 57);
            now -= step % 3 == 0 ? random.NextInt64(1_000_000_000) : 0;
            now -= now % (long)(seconds * 1e9) * (step % 3 == 1 ? 1 : 0);
            for (var time = Math.Max(now - 1, 0); time <= Math.Max(now, 0); time++)
            {
                var exact = (Int128)time * perPeriod * clock.Scale / (Int128)(seconds * 1e9);

                Assert.Equal((long)exact, clock.At(time));
                Assert.InRange(clock.TimeOf((long)exact), 0, time);
                Assert.InRange(clock.TimeOf((long)exact + 1), time + 1, long.MaxValue);
            }
        }
    }

    [Theory]
    [InlineData(10, 5, 1.0, 1)]
    [InlineData(1, 1, 0.001, 2)]
    [InlineData(100, 3, 7.0, 3)]
    public void TryTake_GreedyTraffic_NeverPassesLimitPlusRateInAnyWindow(int limit, int perPeriod, double seconds, int seed)
    {
        var random = new Random(seed);
        var family = Family(Terms(limit, perPeriod, seconds));
        var interval = (long)(seconds * 1e9 / perPeriod);
        var word = 0L;
        var now = 0L;
        var taken = new List<long>();
        for (var step = 0; step < 3_000; step++)
        {
            now += random.Next(3) == 0 ? random.NextInt64(limit * interval) : random.NextInt64(interval);
            for (var attempt = 0; attempt < 3; attempt++)
            {
                if (TokenBucket.TryTake(ref word, family, Member, now, 1, out _))
                {
                    taken.Add(now);
                }
            }
        }

        for (var first = 0; first < taken.Count; first += 7)
        {
            for (var last = first; last < taken.Count; last += 5)
            {
                var bound = limit + ((taken[last] - taken[first]) * perPeriod / (seconds * 1e9));
                Assert.True(last - first + 1 <= bound + 1e-6, $"{last - first + 1} tokens within a window of {bound}.");
            }
        }
    }

    [Theory]
    [InlineData(1, 1, 1.0, 1)]
    [InlineData(60, 20, 1.0, 1)]
    [InlineData(60, 20, 1.0, 33)]
    [InlineData(7, 3, 0.1, 7)]
    [InlineData(5, 1, 86400.0, 2)]
    [InlineData(1000, 1_000_000, 1.0, 1000)]
    public void TryTake_CallerWaitsAsTold_PassesThenAndNotBefore(int limit, int perPeriod, double seconds, int tokens)
    {
        var family = Family(Terms(limit, perPeriod, seconds));
        var word = 0L;
        var now = 123L;
        while (TokenBucket.TryTake(ref word, family, Member, now, 1, out _))
        {
        }

        for (var round = 0; round < 100; round++)
        {
            Assert.False(TokenBucket.TryTake(ref word, family, Member, now, tokens, out var level));
            var wait = level.WaitFor(tokens);

            Assert.False(TokenBucket.TryTake(ref word, family, Member, now + wait - 1, tokens, out _));
            now += wait;
            Assert.True(TokenBucket.TryTake(ref word, family, Member, now, tokens, out _));
        }
    }

    [Fact]
    public void TryTake_Refused_TakesNothing()
    {
        var family = Family(Terms(10, 10, 1));
        var word = 0L;
        TokenBucket.TryTake(ref word, family, Member, 0, 8, out _);
        var before = word;

        Assert.False(TokenBucket.TryTake(ref word, family, Member, 0, 3, out var level));

        Assert.Equal(before, word);
        Assert.Equal(2, level.Left);
    }

    [Fact]
    public void Peek_FullBucket_HasItsLimitAndNothingToWaitFor()
    {
        var word = 0L;

        var level = TokenBucket.Peek(ref word, Family(Terms(10, 10, 1)), Member, 5);

        Assert.Equal((10, 0), (level.Left, level.UntilNext));
    }

    [Fact]
    public void TryTake_SweptOut_GrantsNothingEver()
    {
        var word = long.MaxValue;
        var family = Family(Terms(10, 1_000_000, 1));

        Assert.False(TokenBucket.TryTake(ref word, family, Member, 1L << 56, 1, out var level));

        Assert.Equal(0, level.Left);
        Assert.Equal(long.MaxValue, word);
    }

    [Fact]
    public async Task TryTake_ManyThreadsAtOnce_NeverPassTheLimit()
    {
        const int Limit = 5_000;
        var family = Family(Terms(Limit, 1, 3600));
        var bucket = new long[1];
        using var start = new Barrier(4);

        var takers = Enumerable.Range(0, 4).Select(_ => Task.Factory.StartNew(
            () =>
            {
                var taken = 0;
                start.SignalAndWait();
                for (var attempt = 0; attempt < Limit; attempt++)
                {
                    taken += TokenBucket.TryTake(ref bucket[0], family, Member, 1, 1, out var _) ? 1 : 0;
                }

                return taken;
            },
            TestContext.Current.CancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default));

        Assert.Equal(Limit, (await Task.WhenAll(takers)).Sum());
    }

    private static BucketTerms Terms(int limit, int perPeriod, double seconds) => new(limit, perPeriod, TimeSpan.FromTicks((long)(seconds * TimeSpan.TicksPerSecond)));

    private static BucketFamily Family(BucketTerms terms)
    {
        var family = new BucketFamily();
        family.Set(Member, terms, now: 0);
        return family;
    }
}
