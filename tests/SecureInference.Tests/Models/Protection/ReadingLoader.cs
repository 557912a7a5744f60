using System.Globalization;

namespace SecureInference.Tests.Models.Protection;

/// <summary>Loads what comes in by the door: files that hold the width of a model's input.</summary>
internal sealed class ReadingLoader(IModelReader reader) : IModelLoader
{
    private int _loads;

    /// <summary>Gets how many came in.</summary>
    public int Loads => Volatile.Read(ref _loads);

    /// <summary>Gets or sets what a load waits for once it has read.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    public async ValueTask<IModelEngine> LoadAsync(string name, ModelOptions options, CancellationToken cancellationToken)
    {
        using var content = await reader.ReadAsync(name, options.Path, options, cancellationToken);
        var engine = new SignedEngine(name, int.Parse(Door.Text(content.Model), CultureInfo.InvariantCulture), content, Interlocked.Increment(ref _loads));
        await Gate.WaitAsync(cancellationToken);
        return engine;
    }
}
