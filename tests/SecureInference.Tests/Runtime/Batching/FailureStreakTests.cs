using Microsoft.Extensions.Time.Testing;
using SecureInference.Runtime.Batching;

namespace SecureInference.Tests.Runtime.Batching;

public sealed class FailureStreakTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Note_FailuresInARow_AreUnreadyAndSaidOnce()
    {
        var sut = new FailureStreak(_time);

        var said = Enumerable.Range(0, FailureStreak.Most + 3).Select(_ => (Said: sut.Note(InferenceErrors.ModelFailed), sut.IsUnready)).ToArray();

        Assert.Equal(FailureStreak.Most - 1, Array.FindIndex(said, static one => one.Said));
        Assert.Single(said, static one => one.Said);
        Assert.Equal(FailureStreak.Most - 1, Array.FindIndex(said, static one => one.IsUnready));
    }

    [Fact]
    public void Note_OneSuccess_IsReadyAgain()
    {
        var sut = Unready();

        sut.Note(error: null);

        Assert.False(sut.IsUnready);
        Assert.False(sut.Note(InferenceErrors.ModelFailed));
        Assert.False(sut.IsUnready);
    }

    [Fact]
    public void Note_ErrorsThatAreNotTheModels_SayNothingOfIt()
    {
        var sut = new FailureStreak(_time);
        foreach (var error in new[] { InferenceErrors.ModelRejectedInput, InferenceErrors.DeadlineExceeded, InferenceErrors.Draining })
        {
            for (var turn = 0; turn < FailureStreak.Most; turn++)
            {
                Assert.False(sut.Note(error));
            }
        }

        Assert.False(sut.IsUnready);
    }

    [Fact]
    public void IsUnready_NobodyAsksForAWhile_IsTriedAgainAndOneFailureIsEnough()
    {
        var sut = Unready();

        _time.Advance(TimeSpan.FromSeconds(9));
        Assert.True(sut.IsUnready);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(sut.IsUnready);
        sut.Note(InferenceErrors.ModelFailed);

        Assert.True(sut.IsUnready);
    }

    private FailureStreak Unready()
    {
        var sut = new FailureStreak(_time);
        for (var turn = 0; turn < FailureStreak.Most; turn++)
        {
            sut.Note(InferenceErrors.ModelFailed);
        }

        Assert.True(sut.IsUnready);
        return sut;
    }
}
