using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace SecureInference.Pipeline.Authentication.ApiKeys;

/// <summary>Keeps the key set that is in force, and follows the store file.</summary>
/// <remarks>A file that has become unreadable leaves the last good set in force; the log says so.</remarks>
internal sealed class ApiKeyStore : IStartCheck, IDisposable
{
    private readonly CallerStates _states;
    private readonly AuthenticationTelemetry _telemetry;
    private readonly ITimer? _timer;
    private readonly string? _path;
    private readonly bool _acceptTestKeys;
    private volatile ApiKeySet _current;
    private FileStamp _stamp;
    private FileStamp? _broken;
    private int _isReading;

    /// <summary>Reads the store.</summary>
    /// <exception cref="InvalidOperationException">There is none, or it is wrong; the message says what to write.</exception>
    public ApiKeyStore(
        IOptions<ApiKeyOptions> options,
        IHostEnvironment environment,
        CallerStates states,
        DevelopmentKey developmentKey,
        AuthenticationTelemetry telemetry,
        TimeProvider time)
    {
        _states = states;
        _telemetry = telemetry;

        // A key that lies in test configurations everywhere must open nothing that matters.
        _acceptTestKeys = !environment.IsProduction();
        if (options.Value.Store is not { Length: > 0 } store)
        {
            _current = ApiKeySet.Create(developmentKey.CreateStore(environment, time.GetUtcNow()), states, _acceptTestKeys);
            return;
        }

        _path = Path.Combine(environment.ContentRootPath, store);
        _stamp = FileStamp.Of(_path);
        _current = ReadFirst(_path);
        _timer = time.CreateTimer(static state => ((ApiKeyStore)state!).Refresh(), this, options.Value.PollInterval, options.Value.PollInterval);
    }

    public ApiKeySet Current => _current;

    // Read by the constructor.
    public Task CheckAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _timer?.Dispose();

    private ApiKeySet ReadFirst(string path)
    {
        try
        {
            return ApiKeySet.Create(ApiKeyFile.Read(path), _states, _acceptTestKeys);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InvalidOperationException(
                $"The key store '{path}' does not exist. Make one with 'secure-inference keys create --store {path} --owner NAME --scope model:MODEL:infer', "
                + "or set SecureInference:ApiKeys:Store to another file.", exception);
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new InvalidOperationException($"The key store cannot be used. {exception.Message}", exception);
        }
    }

    private void Refresh()
    {
        // A slow disk must not let two readings overtake each other.
        if (_path is null || Interlocked.Exchange(ref _isReading, 1) != 0)
        {
            return;
        }

        var stamp = default(FileStamp);
        try
        {
            stamp = FileStamp.Of(_path);
            if (stamp != _stamp)
            {
                var file = ApiKeyFile.Read(_path);
                _current = ApiKeySet.Create(file, _states, _acceptTestKeys);
                _stamp = stamp;
                _telemetry.StoreRead(file.Keys.Count, file.Generation);
            }

            _broken = null;
        }
#pragma warning disable CA1031 // On a timer's thread, whatever a file makes us throw would end the process.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            // Once for each state of the file; the poll goes on.
            if (stamp != _broken)
            {
                _broken = stamp;
                _telemetry.StoreBroken(exception);
            }
        }
        finally
        {
            Volatile.Write(ref _isReading, 0);
        }
    }

    /// <summary>What tells one state of the file from the next without reading it.</summary>
    private readonly record struct FileStamp(DateTime LastWrite, long Length)
    {
        public static FileStamp Of(string path)
        {
            var info = new FileInfo(path);
            var target = info.LinkTarget is null ? info : info.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? info;
            return target.Exists ? new FileStamp(target.LastWriteTimeUtc, target.Length) : default;
        }
    }
}
