using System.Diagnostics.CodeAnalysis;

namespace SecureInference.Pipeline.Authentication;

/// <summary>Something that decides about credentials and changes while the app runs: read again and again, its last good state kept until it is too old to be trusted.</summary>
internal sealed class Followed<T> : IReadinessCheck, IDisposable
    where T : class
{
    /// <summary>A reading that takes longer has failed.</summary>
    private static readonly TimeSpan ReadTimeout = TimeSpan.FromSeconds(30);

    private readonly string _name;
    private readonly Func<CancellationToken, ValueTask<T?>> _readIfChanged;
    private readonly TimeSpan _pollInterval;
    private readonly TimeSpan _maxStaleness;
    private readonly AuthenticationTelemetry _telemetry;
    private readonly TimeProvider _time;
    private ITimer? _timer;
    private volatile T? _current;
    private long _lastGood;
    private volatile string? _problem;
    private int _waiting;

    /// <param name="name">What it is called in the log, for example "key store".</param>
    /// <param name="readIfChanged">Reads it; null where it has not changed since the last reading that worked.</param>
    /// <param name="pollInterval">How often it is read.</param>
    /// <param name="maxStaleness">How long its last good state is trusted without a reading that works.</param>
    /// <param name="telemetry">Hears of changes and failures.</param>
    /// <param name="time">The clock.</param>
    public Followed(
        string name,
        Func<CancellationToken, ValueTask<T?>> readIfChanged,
        TimeSpan pollInterval,
        TimeSpan maxStaleness,
        AuthenticationTelemetry telemetry,
        TimeProvider time)
    {
        _name = name;
        _readIfChanged = readIfChanged;
        _pollInterval = pollInterval;
        _maxStaleness = maxStaleness;
        _telemetry = telemetry;
        _time = time;
    }

    /// <summary>Gets the state in force.</summary>
    /// <returns><see langword="false"/> where it is too old, and nothing may be decided by it.</returns>
    public bool TryGet([NotNullWhen(true)] out T? current)
    {
        current = _current;
        return current is not null && IsFresh;
    }

    /// <summary>Gets whether a reading goes on.</summary>
    public bool IsReading => Volatile.Read(ref _waiting) != 0;

    private bool IsFresh => _time.GetElapsedTime(Volatile.Read(ref _lastGood)) < _maxStaleness;

    /// <summary>Reads it for the first time.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _current = await _readIfChanged(cancellationToken);
        Volatile.Write(ref _lastGood, _time.GetTimestamp());
        _telemetry.Follow(_name, () => _time.GetElapsedTime(Volatile.Read(ref _lastGood)).TotalSeconds);
        _timer = _time.CreateTimer(static state => ((Followed<T>)state!).Poll(), this, _pollInterval, _pollInterval);
    }

    /// <summary>Reads it now, or once more after the reading that goes on.</summary>
    public void Poll()
    {
        // A slow disk must not let two readings overtake each other.
        if (_timer is not null && Interlocked.Increment(ref _waiting) == 1)
        {
            _ = ReadAsync();
        }
    }

    public InferenceError? Find() => _timer is null || IsFresh ? null : InferenceErrors.CredentialsUnavailable;

    public string? FindDegradation() => _problem is null ? null : $"The {_name} cannot be read; the last good one is in force.";

    public void Dispose() => _timer?.Dispose();

    private async Task ReadAsync()
    {
        int seen;
        do
        {
            seen = Volatile.Read(ref _waiting);
            await ReadOnceAsync();
        }
        while (Interlocked.Add(ref _waiting, -seen) > 0);
    }

    private async Task ReadOnceAsync()
    {
        try
        {
            using var timeout = new CancellationTokenSource(ReadTimeout, _time);
            if (await _readIfChanged(timeout.Token) is { } next)
            {
                _current = next;
                _telemetry.Changed(_name);
            }

            Volatile.Write(ref _lastGood, _time.GetTimestamp());
            if (_problem is not null)
            {
                _problem = null;
                _telemetry.Recovered(_name);
            }
        }
#pragma warning disable CA1031 // On a timer's thread, whatever a file makes us throw would end the process.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            // Once for each problem; the poll goes on.
            if (_problem != exception.Message)
            {
                _problem = exception.Message;
                _telemetry.Broken(_name, _maxStaleness, exception);
            }
        }
    }
}
