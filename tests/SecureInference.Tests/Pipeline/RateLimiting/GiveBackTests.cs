using SecureInference.Pipeline.RateLimiting;

namespace SecureInference.Tests.Pipeline.RateLimiting;

/// <summary>What is given back is there again, and nothing beside it.</summary>
public sealed class GiveBackTests
{
    private const int Member = 1;
    private const long Second = 1_000_000_000;
    private long _word;
    private long _givenBack;

    [Fact]
    public void GiveBack_AtOnce_IsAsIfNothingHadBeenTaken()
    {
        var family = Family(60, 20);
        TokenBucket.TryTake(ref _word, family, Member, 0, 40, out _);
        var receipt = Take(family, now: 0, tokens: 20);

        TokenBucket.GiveBack(ref _word, ref _givenBack, family, receipt, 0);

        Assert.Equal(20, TokenBucket.Peek(ref _word, family, Member, 0).Left);
    }

    [Fact]
    public void GiveBack_BucketHasFilledAndIsTakenFrom_MintsNothing()
    {
        var family = Family(60, 20);
        var failing = Take(family, now: 0, tokens: 10);

        // The ten have come back by themselves: here are sixty, and all are taken.
        Take(family, 5 * Second, 60);
        TokenBucket.GiveBack(ref _word, ref _givenBack, family, failing, 5 * Second);

        Assert.Equal(0, TokenBucket.Peek(ref _word, family, Member, 5 * Second).Left);
    }

    [Fact]
    public void GiveBack_OfTwo_TheSecondKnowsOfTheFirst()
    {
        var family = Family(60, 20);
        var first = Take(family, 0, 10);
        var second = Take(family, 0, 10);
        TokenBucket.GiveBack(ref _word, ref _givenBack, family, first, 0);

        // Half of the second has come back by itself, then the other half; then others take all.
        Take(family, Second / 2, 60);
        TokenBucket.GiveBack(ref _word, ref _givenBack, family, second, Second / 2);

        Assert.Equal(0, TokenBucket.Peek(ref _word, family, Member, Second / 2).Left);
    }

    [Fact]
    public void GiveBack_PaceHasChangedMeanwhile_GivesTheTokensThatWereTaken()
    {
        var family = Family(60, 20);
        var receipt = Take(family, 0, 60);
        family.Set(Member, new BucketTerms(60, 1, TimeSpan.FromSeconds(1)), now: 0);

        TokenBucket.GiveBack(ref _word, ref _givenBack, family, receipt, 0);

        Assert.Equal(60, TokenBucket.Peek(ref _word, family, Member, 0).Left);
    }

    [Fact]
    public void GiveBack_OtherTierGaveBackInBetween_MintsNothing()
    {
        var family = new BucketFamily(BucketRate.UnitsPerToken, members: 2);
        family.Set(1, new BucketTerms(6000, 1000, TimeSpan.FromSeconds(1)), now: 0);
        family.Set(2, new BucketTerms(10, 1, TimeSpan.FromSeconds(1)), now: 0);
        var slow = Take(family, now: 0, tokens: 5, member: 2);
        var fast = Take(family, now: 0, tokens: 500, member: 1);
        TokenBucket.TryTake(ref _word, family, 2, 0, 0, out _);
        TokenBucket.GiveBack(ref _word, ref _givenBack, family, slow, 0);
        TokenBucket.TryTake(ref _word, family, 1, Second / 2, TokenBucket.Peek(ref _word, family, 1, Second / 2).Left, out _);

        TokenBucket.GiveBack(ref _word, ref _givenBack, family, fast, Second / 2);

        Assert.Equal(0, TokenBucket.Peek(ref _word, family, 1, Second / 2).Left);
    }

    [Fact]
    public void GiveBack_TiersInTurn_EachGetsItsNextBack()
    {
        var family = new BucketFamily(BucketRate.UnitsPerToken, members: 2);
        family.Set(1, new BucketTerms(60, 20, TimeSpan.FromSeconds(1)), now: 0);
        family.Set(2, new BucketTerms(60, 20, TimeSpan.FromSeconds(1)), now: 0);
        foreach (var member in new[] { 1, 2, 1 })
        {
            TokenBucket.GiveBack(ref _word, ref _givenBack, family, Take(family, 0, 10, member), 0);
            var before = TokenBucket.Peek(ref _word, family, member, 0).Left;

            TokenBucket.GiveBack(ref _word, ref _givenBack, family, Take(family, 0, 10, member), 0);

            Assert.Equal(before, TokenBucket.Peek(ref _word, family, member, 0).Left);
        }
    }

    [Fact]
    public void GiveBack_StateWasSweptOut_StaysSo()
    {
        var family = Family(60, 20);
        var receipt = Take(family, 0, 10);
        _word = long.MaxValue;

        TokenBucket.GiveBack(ref _word, ref _givenBack, family, receipt, 0);

        Assert.Equal(long.MaxValue, _word);
    }

    [Theory]
    [InlineData(10, 5, 1)]
    [InlineData(60, 20, 2)]
    [InlineData(3, 1000, 3)]
    [InlineData(100, 1, 4)]
    public void GiveBack_RandomTraffic_WorkDoneNeverPassesLimitPlusRateInAnyWindow(int limit, int perSecond, int seed)
    {
        var random = new Random(seed);
        var family = Family(limit, perSecond);
        var now = 0L;
        var running = new List<(long Time, int Tokens, BucketReceipt Receipt)>();
        var done = new List<(long Time, int Tokens)>();
        for (var step = 0; step < 6_000; step++)
        {
            now += random.Next(3) switch
            {
                0 => 0,
                1 => random.NextInt64(Second / perSecond),
                _ => random.NextInt64(Second * limit / perSecond),
            };
            var tokens = random.Next(1, Math.Min(limit, 6) + 1);
            var before = Volatile.Read(ref _givenBack);
            if (TokenBucket.TryTake(ref _word, family, Member, now, tokens, out var level))
            {
                running.Add((now, tokens, new BucketReceipt(Member, tokens * (long)level.Rate.Scale, level.FullAt, before)));
            }

            if (running.Count > 0 && random.Next(2) == 0)
            {
                var index = random.Next(running.Count);
                var (time, taken, receipt) = running[index];
                running.RemoveAt(index);
                if (random.Next(2) == 0)
                {
                    TokenBucket.GiveBack(ref _word, ref _givenBack, family, receipt, now);
                }
                else
                {
                    done.Add((time, taken));
                }
            }
        }

        done.AddRange(running.Select(static request => (request.Time, request.Tokens)));
        done.Sort();
        Assert.NotEqual(0, _givenBack);
        for (var first = 0; first < done.Count; first += 3)
        {
            var sum = 0L;
            for (var last = first; last < done.Count; last++)
            {
                sum += done[last].Tokens;
                var bound = limit + ((done[last].Time - done[first].Time) * (double)perSecond / Second);
                Assert.True(sum <= bound + 1e-6, $"{sum} tokens of work within a window of {bound}.");
            }
        }
    }

    private static BucketFamily Family(int limit, int perSecond)
    {
        var family = new BucketFamily();
        family.Set(Member, new BucketTerms(limit, perSecond, TimeSpan.FromSeconds(1)), now: 0);
        return family;
    }

    private BucketReceipt Take(BucketFamily family, long now, int tokens, int member = Member)
    {
        var before = _givenBack;
        Assert.True(TokenBucket.TryTake(ref _word, family, member, now, tokens, out var level));
        return new BucketReceipt(member, tokens * (long)level.Rate.Scale, level.FullAt, before);
    }
}
