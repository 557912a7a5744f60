using SecureInference.Pipeline.RateLimiting;

namespace SecureInference.Tests.Pipeline.RateLimiting;

public sealed class TokenBucketTests
{
    [Theory]
    [InlineData(1, 1, 1.0, 1)]
    [InlineData(60, 20, 1.0, 2)]
    [InlineData(3, 7, 0.013, 3)]
    [InlineData(1000, 1, 0.0000001, 4)]
    [InlineData(5, 3, 86400.0, 5)]
    [InlineData(int.MaxValue, int.MaxValue, 1.0, 6)]
    public void TryTake_RandomTraffic_AgreesWithAnExactModel(int limit, int perPeriod, double seconds, int seed)
    {
        var random = new Random(seed);
        var rate = new BucketRate(limit, perPeriod, TimeSpan.FromTicks((long)(seconds * TimeSpan.TicksPerSecond)));
        var word = 0L;
        var now = 0L;
        var credit = (Int128)rate.Burst;
        for (var step = 0; step < 20_000; step++)
        {
            var pause = random.Next(4) == 0 ? 0 : random.NextInt64(3 * rate.Interval);
            now += pause;
            credit = Int128.Min(rate.Burst, credit + pause);
            var tokens = random.Next(8) == 0 ? random.Next(1, Math.Min(limit, 50) + 1) : 1;

            var isTaken = TokenBucket.TryTake(ref word, rate, now, tokens, out var level);

            var cost = (Int128)rate.Interval * tokens;
            Assert.Equal(credit >= cost, isTaken);
            Assert.Equal(isTaken ? 0 : (long)(cost - credit), level.Wait);
            credit -= isTaken ? cost : 0;
            Assert.Equal((int)(credit / rate.Interval), level.Left);
            Assert.Equal(level, TokenBucket.Peek(ref word, rate, now) with { Wait = level.Wait });
        }
    }

    [Theory]
    [InlineData(10, 5, 1.0, 1)]
    [InlineData(1, 1, 0.001, 2)]
    [InlineData(100, 3, 7.0, 3)]
    public void TryTake_GreedyTraffic_NeverPassesLimitPlusRateInAnyWindow(int limit, int perPeriod, double seconds, int seed)
    {
        var random = new Random(seed);
        var period = TimeSpan.FromSeconds(seconds);
        var rate = new BucketRate(limit, perPeriod, period);
        var word = 0L;
        var now = 0L;
        var taken = new List<long>();
        for (var step = 0; step < 3_000; step++)
        {
            now += random.Next(3) == 0 ? random.NextInt64(rate.Burst) : random.NextInt64(rate.Interval);
            for (var attempt = 0; attempt < 3; attempt++)
            {
                if (TokenBucket.TryTake(ref word, rate, now, 1, out _))
                {
                    taken.Add(now);
                }
            }
        }

        var perNanosecond = perPeriod / (period.TotalSeconds * 1e9);
        for (var first = 0; first < taken.Count; first += 7)
        {
            for (var last = first; last < taken.Count; last += 5)
            {
                var bound = limit + ((taken[last] - taken[first]) * perNanosecond);
                Assert.True(last - first + 1 <= bound + 1e-6, $"{last - first + 1} tokens within a window of {bound}.");
            }
        }
    }

    [Theory]
    [InlineData(1, 1, 1.0)]
    [InlineData(60, 20, 1.0)]
    [InlineData(7, 3, 0.1)]
    public void TryTake_CallerWaitsAsTold_PassesThenAndNotBefore(int limit, int perPeriod, double seconds)
    {
        var rate = new BucketRate(limit, perPeriod, TimeSpan.FromSeconds(seconds));
        var word = 0L;
        var now = 123L;
        while (TokenBucket.TryTake(ref word, rate, now, 1, out _))
        {
        }

        for (var round = 0; round < 100; round++)
        {
            Assert.False(TokenBucket.TryTake(ref word, rate, now, 1, out var level));
            Assert.Equal(level.Wait, level.UntilNext);

            Assert.False(TokenBucket.TryTake(ref word, rate, now + level.Wait - 1, 1, out _));
            now += level.Wait;
            Assert.True(TokenBucket.TryTake(ref word, rate, now, 1, out _));
        }
    }

    [Fact]
    public void TryTake_Refused_TakesNothing()
    {
        var rate = new BucketRate(10, 10, TimeSpan.FromSeconds(1));
        var word = 0L;
        TokenBucket.TryTake(ref word, rate, 0, 8, out _);
        var before = word;

        Assert.False(TokenBucket.TryTake(ref word, rate, 0, 3, out var level));

        Assert.Equal(before, word);
        Assert.Equal(2, level.Left);
    }

    [Fact]
    public void Peek_FullBucket_HasItsLimitAndNothingToWaitFor()
    {
        var rate = new BucketRate(10, 10, TimeSpan.FromSeconds(1));
        var word = 0L;

        Assert.Equal(new BucketLevel(10, 0, 0), TokenBucket.Peek(ref word, rate, 5));
    }

    [Fact]
    public void Peek_BucketThatALargerLimitEmptied_IsEmptyAndTellsTheWholeWait()
    {
        var large = new BucketRate(1000, 1, TimeSpan.FromSeconds(1));
        var small = new BucketRate(60, 20, TimeSpan.FromSeconds(1));
        var word = 0L;
        TokenBucket.TryTake(ref word, large, 0, 1000, out _);

        var isTaken = TokenBucket.TryTake(ref word, small, 0, 1, out var level);

        Assert.False(isTaken);
        Assert.Equal(0, level.Left);
        Assert.Equal(level.Wait, level.UntilNext);
        Assert.True(TokenBucket.TryTake(ref word, small, level.Wait, 1, out _));
    }

    [Fact]
    public async Task TryTake_ManyThreadsAtOnce_NeverPassTheLimit()
    {
        const int Limit = 5_000;
        var rate = new BucketRate(Limit, 1, TimeSpan.FromHours(1));
        var bucket = new long[1];
        using var start = new Barrier(4);

        var takers = Enumerable.Range(0, 4).Select(_ => Task.Factory.StartNew(
            () =>
            {
                var taken = 0;
                start.SignalAndWait();
                for (var attempt = 0; attempt < Limit; attempt++)
                {
                    taken += TokenBucket.TryTake(ref bucket[0], rate, 1, 1, out var _) ? 1 : 0;
                }

                return taken;
            },
            TestContext.Current.CancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default));

        Assert.Equal(Limit, (await Task.WhenAll(takers)).Sum());
    }
}
