using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace SecureInference.Models;

/// <summary>Loads every model before the first request, and frees them after the last.</summary>
internal sealed class ModelCatalog : IModelCatalog, IHostedService, IAsyncDisposable
{
    private readonly IEnumerable<IModelLoader> _loaders;
    private readonly IEnumerable<ModelRegistration> _registrations;
    private readonly ModelCatalogOptions _options;
    private readonly IModelRunnerFactory _runners;
    private readonly ModelsTelemetry _telemetry;
    private readonly TimeProvider _time;
    private readonly string _contentRoot;
    private readonly List<IModelEngine> _engines = [];
    private FrozenDictionary<string, IModelRunner> _models = FrozenDictionary<string, IModelRunner>.Empty;

    public ModelCatalog(
        IEnumerable<IModelLoader> loaders,
        IEnumerable<ModelRegistration> registrations,
        IOptions<ModelCatalogOptions> options,
        IModelRunnerFactory runners,
        IHostEnvironment environment,
        ModelsTelemetry telemetry,
        TimeProvider time)
    {
        _loaders = loaders;
        _registrations = registrations;
        _options = options.Value;
        _runners = runners;
        _contentRoot = environment.ContentRootPath;
        _telemetry = telemetry;
        _time = time;
    }

    public IReadOnlyList<IModelRunner> Models { get; private set; } = [];

    public bool TryGet(string name, string? version, [NotNullWhen(true)] out IModelRunner? runner)
    {
        ArgumentNullException.ThrowIfNull(name);
        runner = _models.GetValueOrDefault(name);
        if (version is not null && version != runner?.Metadata.Version)
        {
            runner = null;
        }

        return runner is not null;
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var models = new Dictionary<string, IModelRunner>(StringComparer.Ordinal);
        foreach (var (name, options) in Configured())
        {
            await AddAsync(models, name, options, cancellationToken);
        }

        Serve(models);
    }

    /// <summary>Loads every model as a start does, and goes on where one does not load.</summary>
    /// <returns>Why the models that did not load did not.</returns>
    public async Task<IReadOnlyList<Exception>> CheckAsync(CancellationToken cancellationToken)
    {
        var models = new Dictionary<string, IModelRunner>(StringComparer.Ordinal);
        var problems = new List<Exception>();
        foreach (var (name, options) in Configured())
        {
            try
            {
                await AddAsync(models, name, options, cancellationToken);
            }
#pragma warning disable CA1031 // Whatever keeps a model from loading is what is looked for.
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
            {
                problems.Add(exception);
            }
        }

        Serve(models);
        return problems;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (var engine in _engines)
        {
            try
            {
                await engine.DisposeAsync();
            }
#pragma warning disable CA1031 // One engine that fails must not keep the others from freeing what they hold.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                _telemetry.NotFreed(engine.Metadata.Name, exception);
            }
        }

        _engines.Clear();
    }

    private IEnumerable<(string Name, ModelOptions Options)> Configured() =>
    [
        .. _options.Models.Select(static model => (model.Key, model.Value)),
        .. _registrations.Select(static registration => (registration.Name, registration.Options)),
    ];

    private void Serve(Dictionary<string, IModelRunner> models)
    {
        // An app without any engine has guards alone, and means it.
        if (!Configured().Any() && _loaders.Any())
        {
            _telemetry.NoModel();
        }

        _models = models.ToFrozenDictionary(StringComparer.Ordinal);
        Models = [.. models.OrderBy(static model => model.Key, StringComparer.Ordinal).Select(static model => model.Value)];
    }

    private async Task AddAsync(Dictionary<string, IModelRunner> models, string name, ModelOptions options, CancellationToken cancellationToken)
    {
        if (!models.TryAdd(name, await LoadAsync(name, options, cancellationToken)))
        {
            throw new ModelLoadException($"Two models are called '{name}'. Name one of them otherwise.");
        }
    }

    private async Task<IModelRunner> LoadAsync(string name, ModelOptions options, CancellationToken cancellationToken)
    {
        if (!ModelName.IsValid(name))
        {
            throw new ModelLoadException($"'{name}' is no name for a model. A model's name is {ModelName.Rule}.");
        }

        if (options.Problems($"Models:{name}").FirstOrDefault() is { } problem)
        {
            throw new ModelLoadException("SecureInference:" + problem);
        }

        if (_loaders.FirstOrDefault() is not { } loader)
        {
            throw new ModelLoadException(
                $"Model '{name}' is configured, but nothing can load it. Add the package SecureInference.Onnx and call .AddOnnxModels() after AddSecureInference().");
        }

        options.Path = Path.Combine(_contentRoot, options.Path);
        var start = _time.GetTimestamp();
        var engine = await loader.LoadAsync(name, options, cancellationToken);
        _engines.Add(engine);
        _telemetry.Loaded(name, engine.Lanes, (long)_time.GetElapsedTime(start).TotalMilliseconds);
        return await _runners.CreateAsync(engine, options, cancellationToken);
    }
}
