using Microsoft.Extensions.Time.Testing;

namespace SecureInference.Tests.Abstractions;

public sealed class CallerStatesTests
{
    private const int FirstSweep = 100;
    private static readonly TimeSpan Later = TimeSpan.FromSeconds(10);
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Get_SameSubject_IsTheSameState()
    {
        var sut = CreateSut();

        Assert.Same(sut.Get("shop"), sut.Get("shop"));
        Assert.NotSame(sut.Get("shop"), sut.Get("Shop"));
        Assert.Equal(2, sut.Count);
    }

    [Fact]
    public void Get_SubjectsWithoutEnd_MemoryStaysBounded()
    {
        var sut = CreateSut();
        var most = 0;

        for (var index = 0; index < 50 * FirstSweep; index++)
        {
            sut.Get($"subject {index}");
            most = Math.Max(most, sut.Count);
        }

        Assert.InRange(most, FirstSweep - 1, FirstSweep);
    }

    [Fact]
    public void Get_SweepOverBucketsThatAreNotFull_KeepsThem()
    {
        var sut = CreateSut();
        var spent = sut.Get("spent");
        spent.Bucket = sut.Now() + 1;
        var kept = sut.Get("kept");

        Fill(sut, "a");

        Assert.Same(spent, sut.Get("spent"));
        Assert.False(spent.IsEvicted);
        Assert.True(kept.IsEvicted);
        Assert.NotSame(kept, sut.Get("kept"));
        Assert.Equal(0, sut.Get("kept").Bucket);
    }

    [Fact]
    public void Get_BucketIsFullByNow_IsSwept()
    {
        var sut = CreateSut();
        var spent = sut.Get("spent");
        spent.Bucket = sut.Now() + 1_000_000_000;
        Fill(sut, "a");
        Assert.False(spent.IsEvicted);

        _time.Advance(Later);
        Fill(sut, "b");

        Assert.True(spent.IsEvicted);
    }

    [Fact]
    public void Get_EverybodyIsBusy_SweepsAgainOnlyOnceTheNumberHasDoubled()
    {
        var sut = CreateSut();
        var busy = Enumerable.Range(0, FirstSweep).Select(index => Spend(sut, $"busy {index}")).ToArray();
        _time.Advance(Later);

        // The sweep at the first hundred kept all but the one that it came with.
        const int NextSweep = 2 * (FirstSweep - 1);
        for (var index = FirstSweep; index < NextSweep - 1; index++)
        {
            Spend(sut, $"next {index}");
        }

        Assert.DoesNotContain(busy, static state => state.IsEvicted);
        Assert.Equal(NextSweep - 1, sut.Count);
        sut.Get("last");
        Assert.All(busy, static state => Assert.True(state.IsEvicted));
        Assert.Equal(NextSweep - FirstSweep, sut.Count);
    }

    [Theory]
    [InlineData(-1, true)]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public void TryEvict_Bucket_MustBeFull(long untilFull, bool expected)
    {
        var state = new CallerState("shop") { Bucket = 1000 + untilFull };

        Assert.Equal(expected, state.TryEvict(new Buckets(), 1000));
        Assert.Equal(expected, state.IsEvicted);
        Assert.False(expected && state.TryEvict(new Buckets(), long.MaxValue));
    }

    [Fact]
    public void TryEvict_SomethingBeginsInTheVeryMoment_StaysInForceAsItWas()
    {
        var state = new CallerState("shop") { Bucket = 7 };

        Assert.False(state.TryEvict(new Busy(state), 1000));

        Assert.Equal(7, state.Bucket);
    }

    [Fact]
    public void Get_NobodyKnowsHowToReadBuckets_SweepsNothing()
    {
        var sut = new CallerStates(_time, FirstSweep);

        Fill(sut, "a");
        Fill(sut, "b");

        Assert.Equal(2 * FirstSweep, sut.Count);
    }

    [Fact]
    public void Get_TableGrows_FindsEverybody()
    {
        const int Many = 10_000;
        var sut = new CallerStates(_time, int.MaxValue);
        var states = Enumerable.Range(0, Many).Select(index => sut.Get($"subject {index}")).ToArray();

        Assert.Equal(Many, sut.Count);
        Assert.All(states, state => Assert.Same(state, sut.Get(state.Subject)));
    }

    [Fact]
    public async Task Get_TableGrowsUnderReaders_EachSubjectHasOneState()
    {
        const int Subjects = 20_000;
        var sut = new CallerStates(_time, int.MaxValue);
        using var start = new Barrier(4);

        var found = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait(TestContext.Current.CancellationToken);
                return Enumerable.Range(0, Subjects).Select(index => sut.Get($"subject {index}")).ToArray();
            },
            TestContext.Current.CancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)));

        Assert.Equal(Subjects, sut.Count);
        Assert.All(found, states => Assert.Equal(found[0], states));
    }

    private static CallerState Spend(CallerStates states, string subject)
    {
        var state = states.Get(subject);
        state.Bucket = states.Now() + 1;
        return state;
    }

    private static void Fill(CallerStates states, string prefix)
    {
        for (var index = 0; index < FirstSweep; index++)
        {
            states.Get($"{prefix}{index}");
        }
    }

    private CallerStates CreateSut() => new(_time, FirstSweep) { Buckets = new Buckets() };

    /// <summary>A request that begins once its state was looked at and before that is out of force.</summary>
    private sealed class Busy(CallerState busy) : ICallerBuckets
    {
        public bool AreFull(CallerState state, long bucket, long now) => !busy.IsEvicted;
    }

    /// <summary>A bucket that is full at the time that its word says.</summary>
    private sealed class Buckets : ICallerBuckets
    {
        public bool AreFull(CallerState state, long bucket, long now) => bucket <= now;
    }
}
