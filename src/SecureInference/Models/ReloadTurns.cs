namespace SecureInference.Models;

/// <summary>One reload at a time: who asks while one goes on gets the next, together with all others who ask meanwhile.</summary>
/// <param name="reload">Does it; given is whether somebody asked to load what has not changed, too.</param>
internal sealed class ReloadTurns(Func<bool, Task<ModelReload>> reload)
{
    private readonly Lock _lock = new();
    private Task<ModelReload>? _running;
    private Task<ModelReload>? _next;
    private bool _isNextAnew;

    public Task<ModelReload> Take(bool anew)
    {
        // What belongs to the request or the timer that asks must not hang on to the reload.
        using var flow = ExecutionContext.IsFlowSuppressed() ? (IDisposable?)null : ExecutionContext.SuppressFlow();
        lock (_lock)
        {
            if (_running is null)
            {
                return _running = Task.Run(() => RunAsync(anew));
            }

            _isNextAnew |= anew;
            return _next ??= RunAfterAsync(_running);
        }
    }

    /// <summary>Waits for the reloads that were asked for.</summary>
    public async Task EndAsync()
    {
        while (true)
        {
            Task? last;
            lock (_lock)
            {
                last = _next ?? _running;
            }

            if (last is null)
            {
                return;
            }

            await last.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<ModelReload> RunAfterAsync(Task running)
    {
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        bool anew;
        lock (_lock)
        {
            anew = _isNextAnew;
            _isNextAnew = false;
            _running = _next;
            _next = null;
        }

        return await RunAsync(anew);
    }

    private async Task<ModelReload> RunAsync(bool anew)
    {
        try
        {
            return await reload(anew);
        }
        finally
        {
            lock (_lock)
            {
                // Where somebody waits, his turn takes the place.
                if (_next is null)
                {
                    _running = null;
                }
            }
        }
    }
}
