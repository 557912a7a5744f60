namespace SecureInference;

/// <summary>Puts the checks and the queue in front of an engine.</summary>
internal interface IModelRunnerFactory
{
    /// <summary>Wraps an engine for the catalog, which disposes what it gets and not the engine; the engine stays its own where this fails.</summary>
    ValueTask<IServedModel> CreateAsync(IModelEngine engine, ModelOptions options, CancellationToken cancellationToken);
}
