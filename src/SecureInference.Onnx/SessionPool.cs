using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace SecureInference.Onnx;

/// <summary>Lends the lanes over a model's sessions, one for each device, and frees them only after each has come back.</summary>
[SuppressMessage("Design", "CA1001", Justification = "DrainAsync frees what may be freed; a semaphore without a wait handle is memory only.")]
internal sealed class SessionPool
{
    private static readonly TimeSpan PatienceWithRuns = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan PatienceWithTerminatedRuns = TimeSpan.FromSeconds(5);

    // The finalizers of what is left here would free memory that a run still uses.
    private static readonly ConcurrentBag<SessionPool> Abandoned = [];

    private readonly TimeProvider _time;
    private readonly DeviceLanes[] _devices;
    private readonly int _lanes;
    private readonly SemaphoreSlim _free;
    private readonly Lock _lock = new();
    private Task<bool>? _drain;
    private volatile bool _draining;
    private volatile bool _terminated;

    public SessionPool(IEnumerable<DeviceLanes> devices, TimeProvider time)
    {
        _time = time;
        _devices = [.. devices];
        _lanes = _devices.Sum(static device => device.Count);
        _free = new SemaphoreSlim(_lanes);
    }

    public int Lanes => _lanes;

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

    internal void Return(DeviceLanes device, Lane lane)
    {
        lock (_lock)
        {
            device.Return(lane);
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
            var device = FindLeastBusy();
            lease = new SessionLease(this, device, device.Take());
            return true;
        }
    }

    // Devices have as many lanes each: the most idle has the least to do.
    private DeviceLanes FindLeastBusy()
    {
        var least = _devices[0];
        for (var index = 1; index < _devices.Length; index++)
        {
            least = _devices[index].Idle > least.Idle ? _devices[index] : least;
        }

        return least;
    }

    private async Task<bool> DrainOnceAsync()
    {
        _draining = true;
        var back = await CollectAsync(0, PatienceWithRuns);
        if (back < _lanes)
        {
            _terminated = true;
            Array.ForEach(_devices, static device => device.Terminate());
            back = await CollectAsync(back, PatienceWithTerminatedRuns);
        }

        if (back == _lanes)
        {
            Array.ForEach(_devices, static device => device.Dispose());
            NativeHeap.Trim();
        }
        else
        {
            Abandoned.Add(this);
        }

        // Callers who came too late wait on the semaphore; they pass it, and see that the pool drains.
        _free.Release(Math.Max(back, 1));
        return back == _lanes;
    }

    private async Task<int> CollectAsync(int back, TimeSpan patience)
    {
        using var deadline = new CancellationTokenSource(patience, _time);
        try
        {
            for (; back < _lanes; back++)
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
