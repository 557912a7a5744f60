namespace SecureInference;

/// <summary>Brings a model's files into memory, for an engine that opens no file itself.</summary>
internal interface IModelReader
{
    /// <param name="model">The name it is served under.</param>
    /// <param name="path">The model file, absolute.</param>
    /// <param name="options">The model's options.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="ModelLoadException">The model cannot be served from this file; the message says why and what to do.</exception>
    ValueTask<ModelContent> ReadAsync(string model, string path, ModelOptions options, CancellationToken cancellationToken);
}
