using System.Runtime.ExceptionServices;

namespace SecureInference.Models;

/// <summary>One name of the catalog: which versions serve under it, and how others take their place.</summary>
internal sealed class CatalogModel : IAsyncDisposable
{
    private readonly VersionLoader _loader;
    private readonly ModelsTelemetry _telemetry;
    private readonly FolderWatches _watches;
    private readonly TimeProvider _time;
    private readonly ReloadTurns _turns;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _lock = new();
    private volatile VersionSet? _current;
    private volatile ModelOptions _options;
    private volatile IReadOnlyList<ModelCandidate> _tried = [];
    private volatile string? _problem;
    private Task _freeing = Task.CompletedTask;
    private ModelFollower? _follower;
    private bool _isWithdrawn;

    public CatalogModel(string name, ModelOptions options, ModelOpener opener, FolderWatches watches, ModelsTelemetry telemetry, TimeProvider time)
    {
        Name = name;
        _options = options;
        _loader = new VersionLoader(name, opener);
        _watches = watches;
        _telemetry = telemetry;
        _time = time;
        _turns = new ReloadTurns(ReloadOnceAsync);
    }

    public string Name { get; }

    /// <summary>Gets the versions that serve; none do before the first has loaded, and after the model was withdrawn.</summary>
    public VersionSet? Current => _current;

    /// <summary>Gets whether the app stops.</summary>
    public bool IsStopped => _stopping.IsCancellationRequested;

    /// <summary>Gets why the versions that serve are not those that should.</summary>
    public string? Problem => _problem;

    /// <summary>Gets why the versions that serve do it worse than they should.</summary>
    public string? Degradation => _current?.All.Select(static version => version.Metadata.Degradation).FirstOrDefault(static degradation => degradation is not null);

    /// <summary>Loads the model for the first time.</summary>
    /// <returns>Why versions could not be loaded without which the model can serve.</returns>
    /// <exception cref="ModelLoadException">The model cannot serve as configured; the message says why and what to do.</exception>
    public async Task<IReadOnlyList<Exception>> StartAsync(CancellationToken cancellationToken)
    {
        var loaded = await LoadAsync(anew: false, cancellationToken);
        Put(loaded);

        // A version that is named is wanted; the highest of a folder may have a predecessor that serves.
        if (loaded.Problems is [var problem, ..] && (loaded.Serving is [] || _options.Versions is not ([] or [VersionNumber.All])))
        {
            ExceptionDispatchInfo.Throw(problem);
        }

        Note(loaded.Problems);
        return loaded.Problems;
    }

    /// <summary>Follows the files from now on.</summary>
    public void Follow()
    {
        lock (_lock)
        {
            _follower?.Dispose();
            _follower = _options.PollInterval == TimeSpan.Zero || IsStopped ? null : new ModelFollower(this, _options, _watches, _time);
        }
    }

    /// <summary>Loads the model with other options; those before hold until that is done.</summary>
    public void Change(ModelOptions options)
    {
        lock (_lock)
        {
            _options = options;
            _isWithdrawn = false;
        }

        Follow();
        _ = ReloadAsync(anew: false);
    }

    /// <param name="anew">Whether to load what has not changed, too.</param>
    public Task<ModelReload> ReloadAsync(bool anew) => _turns.Take(anew);

    /// <summary>Ends serving the model; requests in flight end with their version.</summary>
    public void Withdraw()
    {
        lock (_lock)
        {
            var before = _current?.All ?? [];
            _isWithdrawn = true;
            _problem = null;
            _follower?.Dispose();
            _follower = null;
            _current = null;
            Free(before);
        }
    }

    /// <summary>Looks at the files.</summary>
    public IReadOnlyList<ModelCandidate> Look()
    {
        try
        {
            return ModelSource.Find(Name, _options);
        }
        catch (Exception exception) when (exception is ModelLoadException or IOException or UnauthorizedAccessException)
        {
            return [ModelCandidate.Unusable("", exception.Message)];
        }
    }

    /// <summary>Says whether this is what the files were when they were loaded last, or failed to.</summary>
    public bool HasTried(IReadOnlyList<ModelCandidate> seen) => _tried.SequenceEqual(seen);

    public bool IsUnready()
    {
        foreach (var version in _current?.All ?? [])
        {
            if (version.FindUnready() is not null)
            {
                return true;
            }
        }

        return false;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        Follow();
        await _turns.EndAsync();
        Withdraw();
        await _freeing;
        _stopping.Dispose();
    }

    private Task<LoadedVersions> LoadAsync(bool anew, CancellationToken cancellationToken)
    {
        // Looked at before it is read: what changes meanwhile differs the next time.
        _tried = Look();
        var options = _options;
        return _loader.LoadAsync(options, ModelSource.Find(Name, options), _current, anew, cancellationToken);
    }

    private async Task<ModelReload> ReloadOnceAsync(bool anew)
    {
        IReadOnlyList<Exception> problems;
        try
        {
            // Three of a model would be too many for its memory. Those who hold the one before last have deadlines.
            await _freeing;
            var loaded = await LoadAsync(anew, _stopping.Token);
            Put(loaded);
            problems = loaded.Problems;
        }
#pragma warning disable CA1031 // A reload that fails is told to whoever asked for it, and changes nothing.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            problems = [exception];
        }

        Note(problems);
        var outcome = problems is [] ? ModelReloadOutcome.Reloaded : ModelReloadOutcome.Failed;
        _telemetry.Reloaded(Name, outcome);
        return new ModelReload(outcome, _current?.Numbers ?? [], TextOf(problems));
    }

    private void Put(LoadedVersions loaded)
    {
        lock (_lock)
        {
            var before = _current?.All ?? [];
            if (_isWithdrawn)
            {
                Free(loaded.Serving);
            }
            else if (loaded.Serving is not [] && !loaded.Serving.SequenceEqual(before))
            {
                _current = new VersionSet(this, loaded.Serving);
                _telemetry.Serves(Name, string.Join(", ", _current.Numbers));
                Free([.. before.Except(loaded.Serving)]);
            }
        }
    }

    private void Note(IReadOnlyList<Exception> problems)
    {
        var problem = TextOf(problems);
        lock (_lock)
        {
            // Once for each problem; the files are looked at again and again.
            if (problem == _problem || _isWithdrawn || IsStopped)
            {
                return;
            }

            _problem = problem;
        }

        if (problem is null)
        {
            _telemetry.Recovered(Name);
        }
        else
        {
            _telemetry.NotLoaded(Name, _current is null ? "none" : string.Join(", ", _current.Numbers), problem, problems.FirstOrDefault(static one => one is not ModelLoadException));
        }
    }

    private void Free(IReadOnlyList<ServedVersion> versions) =>
        _freeing = Task.WhenAll([_freeing, .. versions.Select(FreeAsync)]);

    private async Task FreeAsync(ServedVersion version)
    {
        try
        {
            await version.FreeAsync(_stopping.Token);
        }
#pragma warning disable CA1031 // One version that fails must not keep the others from freeing what they hold.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            _telemetry.NotFreed(Name, exception);
        }
    }

    private static string? TextOf(IReadOnlyList<Exception> problems) => problems is [] ? null : string.Join(' ', problems.Select(static problem => problem.Message));
}
