using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Microsoft.ML.OnnxRuntime;

namespace SecureInference.Onnx;

/// <summary>Lends the lanes over a model's one session, and frees them only after each has come back.</summary>
[SuppressMessage("Design", "CA1001", Justification = "DrainAsync frees what may be freed; a semaphore without a wait handle is memory only.")]
internal sealed class SessionPool
{
    private static readonly TimeSpan PatienceWithRuns = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan PatienceWithTerminatedRuns = TimeSpan.FromSeconds(5);

    // The finalizers of what is left here would free memory that a run still uses.
    private static readonly ConcurrentBag<SessionPool> Abandoned = [];

    private readonly InferenceSession _session;
    private readonly TimeProvider _time;
    private readonly Lane[] _lanes;
    private readonly RunWatchdog? _watchdog;
    private readonly SemaphoreSlim _free;
    private readonly Lock _lock = new();
    private readonly Stack<Lane> _idle;
    private Task<bool>? _drain;
    private volatile bool _draining;
    private volatile bool _terminated;

    public SessionPool(InferenceSession session, IEnumerable<Lane> lanes, TimeProvider time, RunWatchdog? watchdog = null)
    {
        _watchdog = watchdog;
        _session = session;
        _time = time;
        _lanes = [.. lanes];
        _idle = new Stack<Lane>(_lanes);
        _free = new SemaphoreSlim(_lanes.Length);
    }

    public int Lanes => _lanes.Length;

    /// <summary>Gets the lanes that nobody holds.</summary>
    public int Idle => _free.CurrentCount;

    /// <summary>Gets whether the drain has lost patience: what fails from then on fails because of it.</summary>
    public bool HasTerminatedRuns => _terminated;

    /// <summary>Takes a lane where one is idle.</summary>
    public bool TryRent(out SessionLease lease)
    {
        if (_free.Wait(0, CancellationToken.None))
        {
            return TryTake(out lease);
        }

        lease = default;
        return false;
    }

    /// <summary>Waits for a lane.</summary>
    /// <returns>The lease, or <see langword="null"/> where the pool drains.</returns>
    public async ValueTask<SessionLease?> RentAsync(CancellationToken cancellationToken)
    {
        if (_draining)
        {
            return null;
        }

        await _free.WaitAsync(cancellationToken);
        return TryTake(out var lease) ? lease : null;
    }

    /// <summary>Refuses leases from now on, waits for those that are out, and frees session and lanes.</summary>
    /// <returns><see langword="false"/> where a run did not end: then nothing is freed, since it is still in use.</returns>
    public Task<bool> DrainAsync()
    {
        lock (_lock)
        {
            return _drain ??= DrainOnceAsync();
        }
    }

    internal void Return(Lane lane)
    {
        lock (_lock)
        {
            // The last one used is the next one used: its memory is warm, and others may never be needed.
            _idle.Push(lane);
        }

        _free.Release();
    }

    private bool TryTake(out SessionLease lease)
    {
        lease = default;
        // Read after the semaphore was passed: whoever passes later than the drain sees this.
        if (_draining)
        {
            _free.Release();
            return false;
        }

        lock (_lock)
        {
            lease = new SessionLease(this, _idle.Pop());
            return true;
        }
    }

    private async Task<bool> DrainOnceAsync()
    {
        _draining = true;
        var back = await CollectAsync(0, PatienceWithRuns);
        if (back < _lanes.Length)
        {
            _terminated = true;
            Array.ForEach(_lanes, static lane => lane.Terminate());
            back = await CollectAsync(back, PatienceWithTerminatedRuns);
        }

        _watchdog?.Dispose();
        if (back == _lanes.Length)
        {
            Array.ForEach(_lanes, static lane => lane.Dispose());
            _session.Dispose();
            NativeHeap.Trim();
        }
        else
        {
            Abandoned.Add(this);
        }

        // Callers who came too late wait on the semaphore; they pass it, and see that the pool drains.
        _free.Release(Math.Max(back, 1));
        return back == _lanes.Length;
    }

    private async Task<int> CollectAsync(int back, TimeSpan patience)
    {
        using var deadline = new CancellationTokenSource(patience, _time);
        try
        {
            for (; back < _lanes.Length; back++)
            {
                await _free.WaitAsync(deadline.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The caller sees from the count that time is up.
        }

        return back;
    }
}
