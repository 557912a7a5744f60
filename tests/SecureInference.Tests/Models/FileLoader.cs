using System.Collections.Concurrent;
using System.Globalization;

namespace SecureInference.Tests.Models;

/// <summary>Loads files that hold the width of a model's input. Anything else is broken.</summary>
internal sealed class FileLoader : IModelLoader
{
    private readonly ConcurrentQueue<FileEngine> _loaded = new();
    private int _loading;

    public IReadOnlyCollection<FileEngine> Loaded => _loaded;

    /// <summary>How many loads were asked for, those that failed too.</summary>
    public int Asked { get; private set; }

    /// <summary>The most loads that went on at once.</summary>
    public int MostAtOnce { get; private set; }

    /// <summary>The most that were in memory at once, the one that is being loaded counted too.</summary>
    public int MostInMemory { get; private set; }

    /// <summary>What a load waits for.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    /// <summary>What the runs of models that are loaded from now on wait for.</summary>
    public Task RunGate { get; set; } = Task.CompletedTask;

    public async ValueTask<IModelEngine> LoadAsync(string name, ModelOptions options, CancellationToken cancellationToken)
    {
        MostAtOnce = Math.Max(MostAtOnce, Interlocked.Increment(ref _loading));
        MostInMemory = Math.Max(MostInMemory, _loaded.Count(static engine => engine.Disposals == 0) + 1);
        Asked++;
        try
        {
            await Gate.WaitAsync(cancellationToken);
            var text = File.Exists(options.Path) ? await File.ReadAllTextAsync(options.Path, cancellationToken) : "nothing";
            if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var width))
            {
                throw new ModelLoadException($"'{options.Path}' holds {text}.");
            }

            var engine = new FileEngine(name, width, _loaded.Count + 1, RunGate);
            _loaded.Enqueue(engine);
            return engine;
        }
        finally
        {
            Interlocked.Decrement(ref _loading);
        }
    }
}
