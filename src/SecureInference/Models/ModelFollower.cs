using System.Numerics;

namespace SecureInference.Models;

/// <summary>Follows a model's files: looks at them by the clock and when their folder is touched, and has them loaded once they lie still.</summary>
internal sealed class ModelFollower : IDisposable
{
    /// <summary>What changed within this time may change again: a file that is being copied must not be taken for a whole one.</summary>
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(1);

    private readonly CatalogModel _model;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private readonly ITimer _poll;
    private readonly ITimer _settle;
    private readonly IDisposable? _watch;
    private IReadOnlyList<ModelCandidate> _seen;
    private long _seenAt;
    private int _settling;
    private uint _polls;

    public ModelFollower(CatalogModel model, ModelOptions options, FolderWatches watches, TimeProvider time)
    {
        _model = model;
        _time = time;
        _seen = model.Look();
        _seenAt = time.GetTimestamp();
        _settle = time.CreateTimer(static state => (state as ModelFollower)?.OnSettled(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _poll = time.CreateTimer(static state => (state as ModelFollower)?.OnPoll(), this, options.PollInterval, options.PollInterval);
        _watch = watches.TryWatch(Directory.Exists(options.Path) ? options.Path : Path.GetDirectoryName(options.Path), OnTouched);
    }

    public void Dispose()
    {
        _watch?.Dispose();
        _poll.Dispose();
        _settle.Dispose();
    }

    private void OnTouched() => WaitUntilSettled(Settle);

    private void OnSettled()
    {
        Volatile.Write(ref _settling, 0);
        Alone(static follower => follower.Look(isPoll: false));
    }

    private void OnPoll() => Alone(static follower => follower.Look(isPoll: true));

    // A file system that does not answer holds one thread, and not another at each poll.
    private void Alone(Action<ModelFollower> act)
    {
        if (_lock.TryEnter())
        {
            try
            {
                act(this);
            }
            finally
            {
                _lock.Exit();
            }
        }
    }

    private void Look(bool isPoll)
    {
        var seen = _model.Look();
        if (!seen.SequenceEqual(_seen))
        {
            _seen = seen;
            _seenAt = _time.GetTimestamp();
            _polls = 0;
        }

        var still = _time.GetElapsedTime(_seenAt);
        if (!_model.HasTried(seen))
        {
            if (still < Settle)
            {
                WaitUntilSettled(Settle - still);
            }
            else
            {
                _ = _model.ReloadAsync(anew: false);
            }
        }
        else if (_model.Problem is null)
        {
            _polls = 0;
        }
        else if (isPoll && BitOperations.IsPow2(++_polls))
        {
            // The disk may have failed, or memory was short: tried again, less and less often.
            _ = _model.ReloadAsync(anew: false);
        }
    }

    // Not started again at each touch: a folder that is always busy must not keep its files from being looked at.
    private void WaitUntilSettled(TimeSpan wait)
    {
        if (Interlocked.Exchange(ref _settling, 1) == 0)
        {
            _settle.Change(wait, Timeout.InfiniteTimeSpan);
        }
    }
}
