namespace SecureInference.Models;

/// <summary>Loads one version: the engine, and what stands before it.</summary>
internal sealed class ModelOpener(IEnumerable<IModelLoader> loaders, IModelRunnerFactory runners, ModelsTelemetry telemetry, TimeProvider time) : IDisposable
{
    // Models load one at a time: a change of many must not take the memory of all of them twice.
    private readonly SemaphoreSlim _turn = new(1, 1);

    /// <summary>Gets whether anything can load models.</summary>
    public bool CanLoad => loaders.Any();

    /// <exception cref="ModelLoadException">It cannot be served; the message says why and what to do.</exception>
    public async Task<ServedVersion> OpenAsync(string model, ModelOptions options, ModelCandidate candidate, CancellationToken cancellationToken)
    {
        if (loaders.FirstOrDefault() is not { } loader)
        {
            throw new ModelLoadException(
                $"Model '{model}' is configured, but nothing can load it. Add the package SecureInference.Onnx and call .AddOnnxModels() after AddSecureInference().");
        }

        if (candidate.Problem is { } problem)
        {
            throw new ModelLoadException(problem);
        }

        await _turn.WaitAsync(cancellationToken);
        try
        {
            return await OpenAsync(loader, model, options, candidate, cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private async Task<ServedVersion> OpenAsync(IModelLoader loader, string model, ModelOptions options, ModelCandidate candidate, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        var engine = await loader.LoadAsync(model, options.ForFile(candidate.File), cancellationToken);
        try
        {
            // Half of the old file and half of the new may make a model that loads.
            if (ModelStamp.Of(candidate.File) != candidate.Stamp)
            {
                throw new ModelLoadException($"Models:{model}: the file '{candidate.File}', or its signature, changed while it was read. Write a new file beside it, and rename that.");
            }

            var served = await runners.CreateAsync(engine, options, cancellationToken);
            telemetry.Loaded(model, candidate.Version, engine.Lanes, (long)time.GetElapsedTime(start).TotalMilliseconds);
            return new ServedVersion(served, candidate, options);
        }
        catch
        {
            await engine.DisposeAsync();
            throw;
        }
    }
}
