using System.Globalization;

namespace SecureInference.Tests.Models.Protection;

/// <summary>Loads what comes in by the door: files that hold the width of a model's input.</summary>
internal sealed class ReadingLoader(IModelReader reader) : IModelLoader
{
    private int _loads;

    /// <summary>Gets how many came in.</summary>
    public int Loads => Volatile.Read(ref _loads);

    public async ValueTask<IModelEngine> LoadAsync(string name, ModelOptions options, CancellationToken cancellationToken)
    {
        using var content = await reader.ReadAsync(name, options.Path, options, cancellationToken);
        return new SignedEngine(name, int.Parse(Door.Text(content.Model), CultureInfo.InvariantCulture), content, Interlocked.Increment(ref _loads));
    }
}
