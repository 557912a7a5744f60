using Microsoft.Extensions.Time.Testing;
using SecureInference.Pipeline.Auditing.Queue;

namespace SecureInference.Tests.Pipeline.Auditing.Queue;

public sealed class CommitTurnsTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly CommitTurns _turns;

    public CommitTurnsTests() => _turns = new CommitTurns(TimeSpan.FromSeconds(5), _time);

    [Fact]
    public void WaitAsync_CommittedAlready_IsDoneAtOnce()
    {
        _turns.Commit(7);

        var wait = _turns.WaitAsync(7);

        Assert.True(wait.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task WaitAsync_CommitOfEarlierRecords_GoesOnWaiting()
    {
        var wait = _turns.WaitAsync(7).AsTask();

        _turns.Commit(6);
        var isDone = wait.IsCompleted;
        _turns.Commit(8);

        Assert.False(isDone);
        Assert.True(await wait);
    }

    [Fact]
    public async Task WaitAsync_CommitFails_EndsWithoutIt()
    {
        var wait = _turns.WaitAsync(7).AsTask();

        _turns.Fail();

        Assert.False(await wait);
        Assert.False(await _turns.WaitAsync(8));
    }

    [Fact]
    public async Task WaitAsync_CommitWorksAgain_Waits()
    {
        _turns.Fail();
        _turns.Commit(6);

        var wait = _turns.WaitAsync(7).AsTask();
        _turns.Commit(7);

        Assert.True(await wait);
    }

    [Fact]
    public async Task WaitAsync_DiskHangs_EndsWithTheTime()
    {
        var wait = _turns.WaitAsync(7).AsTask();

        _time.Advance(TimeSpan.FromSeconds(6));

        Assert.False(await wait);
    }
}
