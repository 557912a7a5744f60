using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace SecureInference.Models;

/// <summary>Loads every model before the first request, follows them while they serve, and frees them after the last.</summary>
internal sealed class ModelCatalog : IModelCatalog, IReadinessCheck, IHostedService, IAsyncDisposable
{
    private readonly ModelOpener _opener;
    private readonly FolderWatches _watches = new();
    private readonly IEnumerable<ModelRegistration> _registrations;
    private readonly ModelCatalogOptions _options;
    private readonly ModelsTelemetry _telemetry;
    private readonly TimeProvider _time;
    private readonly string _contentRoot;
    private readonly Lock _changing = new();

    // Names stay here once they were served: a handle that an app keeps finds its model again when it comes back.
    private volatile FrozenDictionary<string, CatalogModel> _models = FrozenDictionary<string, CatalogModel>.Empty;

    public ModelCatalog(
        IEnumerable<IModelLoader> loaders,
        IEnumerable<ModelRegistration> registrations,
        IOptions<ModelCatalogOptions> options,
        IModelRunnerFactory runners,
        IHostEnvironment environment,
        ModelsTelemetry telemetry,
        TimeProvider time)
    {
        _opener = new ModelOpener(loaders, runners, telemetry, time);
        _registrations = registrations;
        _options = options.Value;
        _contentRoot = environment.ContentRootPath;
        _telemetry = telemetry;
        _time = time;
        telemetry.Follow(() => _models.Values.Select(static model => (model.Name, model.Current?.All ?? [])));
    }

    public IReadOnlyList<IModelRunner> Models =>
        [.. _models.Values.OrderBy(static model => model.Name, StringComparer.Ordinal).Select(static model => model.Current?.FindHandle(version: null)).OfType<IModelRunner>()];

    public bool TryGet(string name, string? version, [NotNullWhen(true)] out IModelRunner? runner)
    {
        ArgumentNullException.ThrowIfNull(name);
        runner = _models.GetValueOrDefault(name)?.Current?.FindHandle(version);
        return runner is not null;
    }

    public async Task<ModelReload> ReloadAsync(string name, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(name);
        return _models.GetValueOrDefault(name) is { Current: not null } model
            ? await model.ReloadAsync(anew: true).WaitAsync(cancellationToken)
            : new ModelReload(ModelReloadOutcome.Unknown, [], Problem: null);
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var (name, options) in Configured())
        {
            await Add(name, options).StartAsync(cancellationToken);
        }

        WarnOfNone();
        foreach (var model in _models.Values)
        {
            model.Follow();
        }
    }

    /// <summary>Loads every model as a start does, and goes on where one does not load.</summary>
    /// <returns>Why the models that did not load did not.</returns>
    public async Task<IReadOnlyList<Exception>> CheckAsync(CancellationToken cancellationToken)
    {
        var problems = new List<Exception>();
        foreach (var (name, options) in Configured())
        {
            try
            {
                problems.AddRange(await Add(name, options).StartAsync(cancellationToken));
            }
#pragma warning disable CA1031 // Whatever keeps a model from loading is what is looked for.
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
            {
                problems.Add(exception);
            }
        }

        WarnOfNone();
        return problems;
    }

    /// <summary>Serves models with other options, and withdraws some, while the app runs.</summary>
    /// <param name="changed">The models of the configuration that are new, or have other options.</param>
    /// <param name="removed">The names that the configuration does not have any more.</param>
    /// <exception cref="ModelLoadException">A name is taken; nothing was changed.</exception>
    public void Change(IReadOnlyDictionary<string, ModelOptions> changed, IEnumerable<string> removed)
    {
        lock (_changing)
        {
            if (_registrations.FirstOrDefault(registration => changed.ContainsKey(registration.Name)) is { } registration)
            {
                throw Twice(registration.Name);
            }

            foreach (var name in removed)
            {
                _models.GetValueOrDefault(name)?.Withdraw();
                _telemetry.Withdrawn(name);
            }

            foreach (var (name, options) in changed)
            {
                (_models.GetValueOrDefault(name) ?? Keep(name, options)).Change(options.AtContentRoot(_contentRoot));
            }
        }
    }

    public InferenceError? Find()
    {
        foreach (var model in _models.Values)
        {
            if (model.IsUnready())
            {
                return InferenceErrors.SomeModelUnavailable;
            }
        }

        return null;
    }

    public string? FindDegradation() =>
        _models.Values.Any(static model => model.Problem is not null)
        ? "A model could not be loaded as it should be; what was loaded before serves."
        : _models.Values.Select(static model => model.Degradation).FirstOrDefault(static degradation => degradation is not null);

    public void Describe(IDictionary<string, object> data)
    {
        foreach (var version in _models.Values.SelectMany(static model => model.Current?.All ?? []))
        {
            if (version.Metadata is { Digest: { } digest, Protection: { } protection } metadata)
            {
                data[$"models/{metadata.Name}/versions/{metadata.Version}"] = ModelDescription.Of(digest, protection);
            }
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        // The container knows the catalog by several names, and disposes it by each.
        foreach (var model in Interlocked.Exchange(ref _models, FrozenDictionary<string, CatalogModel>.Empty).Values)
        {
            await model.DisposeAsync();
        }

        _watches.Dispose();
        _opener.Dispose();
    }

    private static ModelLoadException Twice(string name) => new($"Two models are called '{name}'. Name one of them otherwise.");

    private IEnumerable<(string Name, ModelOptions Options)> Configured() =>
    [
        .. _options.Models.Select(static model => (model.Key, model.Value)),
        .. _registrations.Select(static registration => (registration.Name, registration.Options)),
    ];

    private void WarnOfNone()
    {
        // An app without any engine has guards alone, and means it.
        if (!Configured().Any() && _opener.CanLoad)
        {
            _telemetry.NoModel();
        }
    }

    private CatalogModel Add(string name, ModelOptions options)
    {
        if (!ModelName.IsValid(name))
        {
            throw new ModelLoadException($"'{name}' is no name for a model. A model's name is {ModelName.Rule}.");
        }

        if (options.Problems($"Models:{name}").FirstOrDefault() is { } problem)
        {
            throw new ModelLoadException("SecureInference:" + problem);
        }

        return _models.ContainsKey(name) ? throw Twice(name) : Keep(name, options);
    }

    private CatalogModel Keep(string name, ModelOptions options)
    {
        var model = new CatalogModel(name, options.AtContentRoot(_contentRoot), _opener, _watches, _telemetry, _time);
        _models = _models.Append(KeyValuePair.Create(name, model)).ToFrozenDictionary(StringComparer.Ordinal);
        return model;
    }
}
