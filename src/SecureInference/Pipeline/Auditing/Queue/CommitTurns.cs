namespace SecureInference.Pipeline.Auditing.Queue;

/// <summary>Lets requests wait until their records are on disk, without holding a thread: all who wait are woken at each commit, and look again.</summary>
internal sealed class CommitTurns(TimeSpan most, TimeProvider time)
{
    private TaskCompletionSource _turn = NewTurn();
    private long _committed;
    private volatile bool _isFailing;

    /// <summary>Gets whether the last commit failed.</summary>
    public bool IsFailing => _isFailing;

    /// <summary>Gets how many records are on disk, of those that were queued.</summary>
    public long Committed => Volatile.Read(ref _committed);

    public void Commit(long ticket)
    {
        Volatile.Write(ref _committed, ticket);
        _isFailing = false;
        Interlocked.Exchange(ref _turn, NewTurn()).TrySetResult();
    }

    public void Fail()
    {
        _isFailing = true;
        Interlocked.Exchange(ref _turn, NewTurn()).TrySetResult();
    }

    /// <summary>Waits for a record.</summary>
    /// <returns><see langword="false"/> where it is not on disk in time, or a commit failed meanwhile; it may come there later.</returns>
    public ValueTask<bool> WaitAsync(long ticket) => Volatile.Read(ref _committed) >= ticket ? new(true) : WaitLongerAsync(ticket);

    private static TaskCompletionSource NewTurn() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async ValueTask<bool> WaitLongerAsync(long ticket)
    {
        var start = time.GetTimestamp();
        while (true)
        {
            // The turn first: a commit after this look at what is committed ends it.
            var turn = Volatile.Read(ref _turn);
            if (Volatile.Read(ref _committed) >= ticket)
            {
                return true;
            }

            var left = most - time.GetElapsedTime(start);
            if (_isFailing || left <= TimeSpan.Zero)
            {
                return false;
            }

            await turn.Task.WaitAsync(left, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
