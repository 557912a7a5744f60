using SecureInference.Pipeline.RateLimiting;

namespace SecureInference.Tests.Pipeline.RateLimiting;

public sealed class DayCountTests
{
    private const int Today = 20_000;
    private long _word;

    [Fact]
    public void TryTake_TokensOfADay_AreGrantedOnceAndAgainTheNext()
    {
        Assert.True(DayCount.TryTake(ref _word, Today, 5, 3, out var left));
        Assert.Equal(2, left);
        Assert.False(DayCount.TryTake(ref _word, Today, 5, 3, out left));
        Assert.Equal(2, left);
        Assert.True(DayCount.TryTake(ref _word, Today, 5, 2, out _));

        Assert.True(DayCount.TryTake(ref _word, Today + 1, 5, 5, out left));

        Assert.Equal(0, left);
    }

    [Fact]
    public void TryTake_ClockIsSetBackAcrossMidnight_TheDayIsNotBegunAnew()
    {
        DayCount.TryTake(ref _word, Today, 5, 5, out _);

        Assert.False(DayCount.TryTake(ref _word, Today - 1, 5, 1, out _));
        Assert.False(DayCount.TryTake(ref _word, Today, 5, 1, out _));
    }

    [Fact]
    public void TryTake_LimitIsLoweredBelowWhatWasUsed_NothingIsLeft()
    {
        DayCount.TryTake(ref _word, Today, 5, 5, out _);

        Assert.False(DayCount.TryTake(ref _word, Today, 2, 1, out var left));

        Assert.Equal(0, left);
    }

    [Fact]
    public void GiveBack_SameDay_IsThereAgain()
    {
        DayCount.TryTake(ref _word, Today, 5, 5, out _);

        DayCount.GiveBack(ref _word, Today, 2);

        Assert.Equal(3, DayCount.Used(_word, Today));
    }

    [Fact]
    public void GiveBack_NextDay_ChangesNothing()
    {
        DayCount.TryTake(ref _word, Today, 5, 5, out _);
        DayCount.TryTake(ref _word, Today + 1, 5, 1, out _);

        DayCount.GiveBack(ref _word, Today, 5);

        Assert.Equal(1, DayCount.Used(_word, Today + 1));
    }
}
