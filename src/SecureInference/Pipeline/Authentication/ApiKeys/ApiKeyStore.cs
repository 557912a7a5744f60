using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace SecureInference.Pipeline.Authentication.ApiKeys;

/// <summary>Keeps the key set that is in force, and follows the store: its file, or one of the team's own.</summary>
internal sealed class ApiKeyStore : IStartCheck, IReadinessCheck, IDisposable
{
    private readonly ApiKeyOptions _options;
    private readonly IHostEnvironment _environment;
    private readonly IApiKeyStore? _own;
    private readonly CallerStates _states;
    private readonly DevelopmentKey _developmentKey;
    private readonly ApiKeyLastUses _lastUses;
    private readonly AuthenticationTelemetry _telemetry;
    private readonly TimeProvider _time;
    private readonly ApiKeyPepperSource _peppers;
    private readonly bool _acceptTestKeys;
    private ApiKeyStoreFile? _file;
    private Followed<ApiKeySet>? _followed;
    private ApiKeySet? _fixed;

    /// <summary>What was read last, and whether it is in force: rows that cannot be used stay a problem until others are read.</summary>
    private ApiKeySnapshot? _read;
    private bool _isInForce;

    public ApiKeyStore(
        IOptions<ApiKeyOptions> options,
        IHostEnvironment environment,
        ApiKeyPepperSource peppers,
        CallerStates states,
        DevelopmentKey developmentKey,
        ApiKeyLastUses lastUses,
        AuthenticationTelemetry telemetry,
        TimeProvider time,
        IApiKeyStore? own = null)
    {
        _options = options.Value;
        _environment = environment;
        _peppers = peppers;
        _states = states;
        _developmentKey = developmentKey;
        _lastUses = lastUses;
        _telemetry = telemetry;
        _time = time;
        _own = own;

        // A key that lies in test configurations everywhere must open nothing that matters.
        _acceptTestKeys = !environment.IsProduction();
    }

    /// <summary>Gets the keys in force.</summary>
    /// <returns><see langword="false"/> where the store could not be read for so long that nothing may be decided by it.</returns>
    public bool TryGet([NotNullWhen(true)] out ApiKeySet? keys)
    {
        keys = _fixed;
        return keys is not null || (_followed is not null && _followed.TryGet(out keys));
    }

    /// <summary>Reads the store for the first time.</summary>
    /// <exception cref="InvalidOperationException">There is none, or it is wrong; the message says what to write.</exception>
    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        var store = _options.Store is { Length: > 0 } path ? Path.Combine(_environment.ContentRootPath, path) : null;
        if (store is not null && _own is not null)
        {
            throw new InvalidOperationException("SecureInference:ApiKeys:Store names a file, and the app has an IApiKeyStore of its own. Remove one of them.");
        }

        if (store is null && _own is null)
        {
            _fixed = ApiKeySet.Create(_developmentKey.CreateStore(_environment, _time.GetUtcNow()), ApiKeyPeppers.None, _states, _acceptTestKeys);
            return;
        }

        _followed = new Followed<ApiKeySet>("key store", ReadIfChangedAsync, _options.PollInterval, _options.MaxStaleness, _telemetry, _time);
        _file = store is null ? null : new ApiKeyStoreFile(store, () => _peppers.Current, _time, _followed.Poll);
        await StartAsync(_followed, store, cancellationToken);
        if (_read is null)
        {
            throw new InvalidOperationException("The app's IApiKeyStore returned null when it was read for the first time. Return the keys: null means that they are the same as before.");
        }

        if (_peppers.Current.Newest is null)
        {
            _telemetry.NoPepper();
        }
    }

    /// <summary>Gets whether a reading goes on.</summary>
    public bool IsReading => _followed?.IsReading == true;

    public InferenceError? Find() => _followed?.Find();

    public string? Degraded() => _followed?.Degraded();

    public void Dispose()
    {
        _followed?.Dispose();
        _file?.Dispose();
    }

    private static async Task StartAsync(Followed<ApiKeySet> followed, string? store, CancellationToken cancellationToken)
    {
        try
        {
            await followed.StartAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException && store is not null && !File.Exists(store))
        {
            throw new InvalidOperationException(
                $"The key store '{store}' does not exist. Make one with 'secure-inference keys create --store {store} --owner NAME --scope model:MODEL:infer', "
                + "or set SecureInference:ApiKeys:Store to another file.", exception);
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new InvalidOperationException($"The key store cannot be used. {exception.Message}", exception);
        }
    }

    private async ValueTask<ApiKeySet?> ReadIfChangedAsync(CancellationToken cancellationToken)
    {
        // A verdict on the store hangs on the pepper, too.
        if (_peppers.ReadIfChanged())
        {
            _file?.Forget();
            _isInForce = false;
        }

        var store = _file ?? _own ?? throw new InvalidOperationException("There is no store to read.");
        if (await store.ReadAsync(cancellationToken) is { } next)
        {
            _read = next;
            _isInForce = false;
        }

        if (_isInForce || _read is not { } snapshot)
        {
            return null;
        }

        var keys = ApiKeySet.Create(snapshot, _peppers.Current, _states, _acceptTestKeys, _lastUses);
        _isInForce = true;
        _telemetry.StoreRead(keys.Count);
        return keys;
    }
}
