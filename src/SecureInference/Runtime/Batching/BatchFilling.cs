namespace SecureInference.Runtime.Batching;

/// <summary>How long a lane waits for more, and what of the queue it takes. Used under the queue's lock.</summary>
internal sealed class BatchFilling(BatchingPlan plan, FairQueue queue, LanePool lanes, TimeProvider time)
{
    // How long another caller is expected again: who comes while a batch runs has to wait for its end.
    private static readonly TimeSpan Company = TimeSpan.FromSeconds(1);

    /// <summary>Returns how long a free lane waits for more than there is; no time, where nobody else is on the way.</summary>
    public TimeSpan DelayOf(QueuedRequest first) =>
        plan.MaxRows == 1 || queue.Rows >= plan.PreferredRows || !lanes.AreArriving()
            ? TimeSpan.Zero
            : plan.MaxDelay - time.GetElapsedTime(first.Queued);

    /// <summary>Takes a run's requests out of the queue, in their turns.</summary>
    public void Fill(RunningBatch batch)
    {
        batch.Begin();
        // Where others are about to come, the lanes beside have theirs: nothing is gained by leaving them some of these.
        var share = lanes.AreArriving() ? int.MaxValue : lanes.ShareOf(queue.Rows);
        var areMixed = queue.Mixed is { } mixed && time.GetElapsedTime(mixed) < Company;
        var most = Math.Min(share, areMixed ? plan.SharedRows : plan.MaxRows);
        CallerBacklog? turn = null;
        for (var next = queue.Peek(); next is not null && batch.Accepts(next, most) && MayJoin(next, turn, most - batch.Rows); next = queue.Peek())
        {
            turn = next.Backlog;
            queue.Take(next);
            batch.Add(next);
            if (!next.MayShare)
            {
                break;
            }
        }

        if (turn is { Count: > 0 })
        {
            FairQueue.EndTurn(turn);
        }
    }

    // Callers share a run where all that each of them has fits in. Whoever has more has runs of his own: filling up another's would make that caller wait for his rows.
    private static bool MayJoin(QueuedRequest next, CallerBacklog? turn, int room) =>
        turn is null || ReferenceEquals(turn, next.Backlog) || next.Backlog!.Rows <= room;
}
