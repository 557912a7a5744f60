using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace SecureInference.Pipeline.Authentication.ApiKeys;

/// <summary>Writes the last use of each key to a file: when something changed, at most once a minute, and when the app stops.</summary>
internal sealed class ApiKeyLastUseKeeper : IHostedService, IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly string? _path;
    private readonly ApiKeyLastUses _uses;
    private readonly AuthenticationTelemetry _telemetry;
    private readonly TimeProvider _time;
    private readonly Lock _writing = new();
    private Dictionary<string, DateTimeOffset> _written = new(StringComparer.Ordinal);
    private ITimer? _timer;
    private bool _isFailing;

    public ApiKeyLastUseKeeper(
        ApiKeyLastUses uses, IOptions<ApiKeyOptions> options, IHostEnvironment environment, AuthenticationTelemetry telemetry, TimeProvider time)
    {
        _path = options.Value.LastUseFile is { Length: > 0 } path ? Path.Combine(environment.ContentRootPath, path) : null;
        _uses = uses;
        _telemetry = telemetry;
        _time = time;
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _timer = _path is null ? null : _time.CreateTimer(static state => ((ApiKeyLastUseKeeper)state!).Write(), this, Interval, Interval);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        _timer?.Dispose();
        Write();
        return Task.CompletedTask;
    }

    public void Dispose() => _timer?.Dispose();

    /// <summary>Writes what is new.</summary>
    public void Write()
    {
        lock (_writing)
        {
            var used = _uses.Snapshot();
            if (_path is null || used.All(use => _written.TryGetValue(use.Key, out var hour) && hour >= use.Value))
            {
                return;
            }

            try
            {
                Merge(used, _path).Write(_path);
                _written = used;
                _isFailing = false;
            }
#pragma warning disable CA1031 // On a timer's thread, whatever a file makes us throw would end the process.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                if (!_isFailing)
                {
                    _isFailing = true;
                    _telemetry.LastUseNotWritten(exception);
                }
            }
        }
    }

    // What is there is of earlier runs, and of keys that are used elsewhere. A file that cannot be understood is not written over: it may be another.
    private static ApiKeyLastUseFile Merge(Dictionary<string, DateTimeOffset> used, string path)
    {
        var merged = File.Exists(path) ? new Dictionary<string, DateTimeOffset>(ApiKeyLastUseFile.Read(path).LastUse, StringComparer.Ordinal) : [];
        foreach (var (id, hour) in used)
        {
            merged[id] = merged.TryGetValue(id, out var known) && known > hour ? known : hour;
        }

        return new ApiKeyLastUseFile { Version = ApiKeyLastUseFile.CurrentVersion, LastUse = merged };
    }
}
