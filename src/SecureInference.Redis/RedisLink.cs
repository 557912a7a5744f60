using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace SecureInference.Redis;

/// <summary>Asks Redis, and knows when not to: after one failure nobody waits for it, until a probe has seen it answer again.</summary>
internal sealed class RedisLink : IAsyncDisposable
{
    private static readonly TimeSpan FirstAttempt = TimeSpan.FromSeconds(1);

    private readonly RedisSettings _settings;
    private readonly RedisOptions _options;
    private readonly RedisTelemetry _telemetry;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly Lock _lock = new();
    private readonly HashSet<RedisFailure> _told = [];
    private volatile ConnectionMultiplexer? _connection;
    private volatile bool _isAvailable;
    private RedisKey _probeKey;
    private ConnectionFailureType? _lastFailure;
    private int _isProbing;
    private int _isWrongTypeTold;
    private bool _isLost;
    private volatile bool _isDisposed;

    public RedisLink(RedisSettings settings, IOptions<RedisOptions> options, RedisTelemetry telemetry, TimeProvider time)
    {
        _settings = settings;
        _options = options.Value;
        _telemetry = telemetry;
        _time = time;
        _probeKey = new OwnerKeys(options.Value.KeyPrefix).Of("probe");
        _timer = time.CreateTimer(static state => _ = ((RedisLink)state!).ProbeAsync(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        telemetry.Observe(() => _isAvailable);
    }

    /// <summary>Gets whether Redis can be asked. It is a look at a field.</summary>
    public bool IsAvailable => _isAvailable;

    /// <summary>Begins to connect, and waits a moment for it: the first requests of a node that starts should be limited as those before.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var attempt = Task.Run(ProbeAsync, cancellationToken);
        try
        {
            await attempt.WaitAsync(FirstAttempt, _time, cancellationToken);
        }
        catch (TimeoutException)
        {
            // An app starts without Redis; the attempt goes on.
        }
    }

    /// <summary>Runs a script on one key.</summary>
    /// <returns>What it answered, or <see langword="null"/> where Redis did not, in time.</returns>
    public async ValueTask<RedisResult?> TryRunAsync(string script, RedisKey key, RedisValue[] arguments)
    {
        if (!_isAvailable || _connection is not { } connection)
        {
            return null;
        }

        try
        {
            return await RunAsync(connection, script, key, arguments);
        }
#pragma warning disable CA1031 // Whatever the library throws: requests are answered as the mode says.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Fail(exception, key);
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _isDisposed = true;
        _isAvailable = false;
        await _timer.DisposeAsync();
        if (_connection is { } connection)
        {
            await connection.DisposeAsync();
        }
    }

    private async Task<RedisResult> RunAsync(ConnectionMultiplexer connection, string script, RedisKey key, RedisValue[] arguments)
    {
        // EVALSHA; the library sends the text itself where Redis answers NOSCRIPT.
        var call = connection.GetDatabase().ScriptEvaluateAsync(script, [key], arguments);
        try
        {
            return await call.WaitAsync(_options.Timeout, _time);
        }
        catch (TimeoutException)
        {
            // It may still be done. Nothing is given back for it: that errs on the strict side.
            _ = call.ContinueWith(static late => late.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
            throw;
        }
    }

    /// <summary>Looks whether Redis does again what a request needs, on the key where it failed: in a cluster another node may be well.</summary>
    private async Task ProbeAsync()
    {
        if (_isDisposed || Interlocked.Exchange(ref _isProbing, 1) != 0)
        {
            return;
        }

        RedisKey key;
        lock (_lock)
        {
            key = _probeKey;
        }

        try
        {
            var connection = _connection ??= await ConnectAsync();

            // It writes, unlike a ping: a user without rights and a replica answer pings too.
            await RunAsync(connection, BucketScripts.Take, key, TakeCall.Probe);
            Restore();
        }
        catch (RedisServerException wrong) when (RedisFailure.Of(wrong, connection: null) == RedisFailure.WrongType)
        {
            Restore();
        }
#pragma warning disable CA1031 // On a timer's thread, whatever the library throws would end the process.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Fail(exception, key);
        }
        finally
        {
            Volatile.Write(ref _isProbing, 0);
        }
    }

    private async Task<ConnectionMultiplexer> ConnectAsync()
    {
        var settings = _settings.Create();
        settings.ConnectionAttemptCompleted += (_, attempt) =>
        {
            lock (_lock)
            {
                _lastFailure = attempt.FailureType == ConnectionFailureType.None ? null : attempt.FailureType;
            }
        };
        var connection = await ConnectionMultiplexer.ConnectAsync(settings);
        if (_isDisposed)
        {
            await connection.DisposeAsync();
        }

        return connection;
    }

    private void Restore()
    {
        lock (_lock)
        {
            if (_isDisposed || _isAvailable)
            {
                return;
            }

            _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _told.Clear();
            _isLost = false;
            _isAvailable = true;
        }

        _telemetry.Shared();
    }

    private void Fail(Exception exception, RedisKey key)
    {
        if (_isDisposed)
        {
            return;
        }

        RedisFailure failure;
        bool isNew;
        lock (_lock)
        {
            failure = RedisFailure.Of(exception, _lastFailure);

            // One key that somebody else wrote must not take the limits of all other callers away from Redis.
            if (failure != RedisFailure.WrongType)
            {
                _isAvailable = false;
                _probeKey = key;

                // Calls that were under way fail one after the other, and must not put the probe off.
                if (!_isLost)
                {
                    _isLost = true;
                    _timer.Change(RedisSettings.RetryInterval, RedisSettings.RetryInterval);
                }
            }

            // Each reason once, until Redis is back.
            isNew = failure != RedisFailure.WrongType && _told.Add(failure);
        }

        _telemetry.Failed(failure);
        if (isNew)
        {
            _telemetry.Lost(failure.Reason, failure.Advice, _options.WhenUnavailable);
        }
        else if (failure == RedisFailure.WrongType && Interlocked.Exchange(ref _isWrongTypeTold, 1) == 0)
        {
            _telemetry.Refused(failure.Reason, failure.Advice, _options.WhenUnavailable);
        }
    }
}
