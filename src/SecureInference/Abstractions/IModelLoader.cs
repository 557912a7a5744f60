namespace SecureInference;

/// <summary>Loads models for one engine.</summary>
public interface IModelLoader
{
    /// <summary>Loads and warms up a model.</summary>
    /// <param name="name">The name it is served under.</param>
    /// <param name="options">Its options; the path is absolute.</param>
    /// <param name="cancellationToken">Ends the loading.</param>
    /// <returns>The model, ready to run.</returns>
    /// <exception cref="ModelLoadException">The file cannot be served; the message says why and what to do.</exception>
    ValueTask<IModelEngine> LoadAsync(string name, ModelOptions options, CancellationToken cancellationToken);
}
