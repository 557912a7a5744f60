namespace SecureInference;

/// <summary>Puts the checks and the queue in front of an engine.</summary>
internal interface IModelRunnerFactory
{
    /// <summary>Wraps an engine for the catalog to hand out.</summary>
    ValueTask<IModelRunner> CreateAsync(IModelEngine engine, ModelOptions options, CancellationToken cancellationToken);
}
