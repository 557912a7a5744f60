namespace SecureInference.Pipeline.Authentication.Jwt;

/// <summary>Keeps an issuer's keys: fetched at start, then again and again, and at once where a token names a key that is not known yet.</summary>
/// <remarks>One fetch goes on at a time, and whoever needs it waits for that one: no number of tokens makes more fetches than time allows.</remarks>
internal sealed class KeyDiscovery : IDisposable
{
    private static readonly TimeSpan FetchTimeout = TimeSpan.FromSeconds(30);

    /// <summary>How long a request waits for keys.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly string _issuer;
    private readonly Func<CancellationToken, Task<IssuerKeys>> _fetch;
    private readonly TimeSpan _askInterval;
    private readonly TimeSpan _refreshInterval;
    private readonly TimeSpan _maxStaleness;
    private readonly JwtTelemetry _telemetry;
    private readonly TimeProvider _time;
    private ITimer? _timer;
    private Task? _fetching;
    private long? _asked;
    private long _fetched;
    private volatile IssuerKeys? _current;
    private volatile string? _problem;

    /// <param name="issuer">The issuer's name, for the log.</param>
    /// <param name="fetch">Fetches its keys.</param>
    /// <param name="askInterval">The least time between two fetches that tokens cause, and between two tries while fetching fails.</param>
    /// <param name="refreshInterval">How often the keys are fetched anyway.</param>
    /// <param name="maxStaleness">How long keys stay in force without a fetch that works.</param>
    /// <param name="telemetry">Hears of changes and failures.</param>
    /// <param name="time">The clock.</param>
    public KeyDiscovery(
        string issuer,
        Func<CancellationToken, Task<IssuerKeys>> fetch,
        TimeSpan askInterval,
        TimeSpan refreshInterval,
        TimeSpan maxStaleness,
        JwtTelemetry telemetry,
        TimeProvider time)
    {
        _issuer = issuer;
        _fetch = fetch;
        _askInterval = askInterval;
        _refreshInterval = refreshInterval;
        _maxStaleness = maxStaleness;
        _telemetry = telemetry;
        _time = time;
        _fetched = time.GetTimestamp();
    }

    /// <summary>Gets the keys that were fetched last: an issuer that is down takes nobody's rights away, until they are too old to be trusted.</summary>
    /// <remarks>Whoever can keep a node from its issuer must not keep a key in force that the issuer has retired.</remarks>
    public IssuerKeys? Current => Age < _maxStaleness ? _current : null;

    /// <summary>Gets how long ago the keys were fetched, or the app was started where they never were.</summary>
    public TimeSpan Age => _time.GetElapsedTime(Volatile.Read(ref _fetched));

    /// <summary>Gets whether the last fetch failed or one goes on, so that a key that is not known here may exist.</summary>
    public bool IsUncertain => _problem is not null || Volatile.Read(ref _fetching) is not null;

    /// <summary>Fetches the keys for the first time, and goes on by itself.</summary>
    public async Task StartAsync()
    {
        _timer = _time.CreateTimer(static state => ((KeyDiscovery)state!).Tick(), this, _askInterval, _askInterval);
        if (!await WaitAsync(Begin()))
        {
            _telemetry.KeysLate(_issuer);
        }
    }

    /// <summary>Fetches the keys, or waits for the fetch that goes on already.</summary>
    /// <returns><see langword="false"/> where nothing was fetched: somebody asked a moment ago, or it takes too long.</returns>
    public async Task<bool> TryRefreshAsync()
    {
        Task fetching;
        lock (_lock)
        {
            if (_fetching is null)
            {
                if (_asked is { } asked && _time.GetElapsedTime(asked) < _askInterval)
                {
                    return false;
                }

                _asked = _time.GetTimestamp();
            }

            fetching = Begin();
        }

        return await WaitAsync(fetching);
    }

    public void Dispose() => _timer?.Dispose();

    private void Tick()
    {
        if (_problem is not null || Age >= _refreshInterval)
        {
            Begin();
        }
    }

    private Task Begin()
    {
        lock (_lock)
        {
            if (_fetching is null)
            {
                using (ExecutionContext.SuppressFlow())
                {
                    _fetching = Task.Run(FetchAsync);
                }
            }

            return _fetching;
        }
    }

    private async Task<bool> WaitAsync(Task fetching)
    {
        try
        {
            await fetching.WaitAsync(Patience, _time);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private async Task FetchAsync()
    {
        try
        {
            using var timeout = new CancellationTokenSource(FetchTimeout, _time);
            Accept(await _fetch(timeout.Token));
        }
#pragma warning disable CA1031 // Whatever an issuer's answer makes us throw, the next try may do better.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            // Once for each problem; the tries go on.
            if (_problem != exception.Message)
            {
                _problem = exception.Message;
                _telemetry.KeysUnavailable(_issuer, exception);
            }
        }
        finally
        {
            lock (_lock)
            {
                _fetching = null;
            }
        }
    }

    private void Accept(IssuerKeys next)
    {
        if (next.Fingerprint != _current?.Fingerprint)
        {
            _current = next;
            _telemetry.KeysChanged(_issuer, next.Count);
        }

        Volatile.Write(ref _fetched, _time.GetTimestamp());
        if (_problem is not null)
        {
            _problem = null;
            _telemetry.KeysRecovered(_issuer);
        }
    }
}
