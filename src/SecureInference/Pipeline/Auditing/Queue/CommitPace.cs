namespace SecureInference.Pipeline.Auditing.Queue;

/// <summary>How long the log's writer waits for records, and gathers them, before it commits.</summary>
internal sealed class CommitPace(AuditQueue queue, AuditOptions options)
{
    /// <summary>A writer that had work a moment ago looks again by itself, and spares the requests' threads the waking: so many times.</summary>
    private const int Looks = 50;

    private static readonly TimeSpan MostIdle = TimeSpan.FromSeconds(1);

    private readonly bool _isPatient = options.Durability != AuditDurability.PerRequest;
    private readonly TimeSpan _interval = options.CommitInterval;
    private readonly TimeSpan _idle = options.RefusalInterval < MostIdle ? options.RefusalInterval : MostIdle;
    private TimeSpan _gatherTime = options.CommitInterval / 2;
    private int _looks;

    /// <summary>Waits until there is something to commit, or something else may be due.</summary>
    public void Wait()
    {
        var mayLook = _isPatient && _looks > 0;
        var hasRecords = queue.Wait(mayLook ? _gatherTime : _idle, forBlock: mayLook);
        if (hasRecords && _isPatient && !mayLook)
        {
            queue.Wait(_gatherTime, forBlock: true);
        }

        if (!hasRecords && _looks == 0)
        {
            queue.Trim();
        }

        _looks = hasRecords ? Looks : Math.Max(_looks - 1, 0);
    }

    /// <summary>Learns how long a commit took: with the next one after it, what is gathered is on disk within the interval, where that takes as long.</summary>
    public void NoteCommit(TimeSpan took)
    {
        // A slow disk gets half the interval's records at once. Waits are cut to whole milliseconds.
        var left = _interval - took;
        _gatherTime = left > _interval / 2 ? left : _interval / 2;
    }
}
