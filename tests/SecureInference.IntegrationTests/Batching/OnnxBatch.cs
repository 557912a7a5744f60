using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SecureInference.Runtime;
using SecureInference.Runtime.Batching;
using SecureInference.TestSupport;

namespace SecureInference.IntegrationTests.Batching;

/// <summary>A real model behind the queue, as the catalog puts it there.</summary>
internal sealed class OnnxBatch : IAsyncDisposable
{
    private readonly TestFolder _folder;
    private readonly ServiceProvider _services;

    private OnnxBatch(TestFolder folder, ServiceProvider services, IModelEngine engine, BatchingPlan plan)
    {
        _folder = folder;
        _services = services;
        Engine = engine;
        Plan = plan;
        Log = services.GetRequiredService<CollectedLog>();
        Sut = new BatchingModelRunner(engine, plan, services.GetRequiredService<RuntimeTelemetry>(), TimeProvider.System);
    }

    public IModelEngine Engine { get; }

    public BatchingPlan Plan { get; }

    public CollectedLog Log { get; }

    public BatchingModelRunner Sut { get; }

    public static async Task<OnnxBatch> StartAsync(byte[] model, Action<ModelOptions>? configure = null)
    {
        var folder = new TestFolder();
        var options = new ModelOptions { Path = folder.File("model.onnx"), MaxBatchSize = 8, PreferredBatchSize = 8, MaxQueueLength = 10_000 };
        configure?.Invoke(options);
        await File.WriteAllBytesAsync(options.Path, model);
        var log = new CollectedLog();
        var parts = new ServiceCollection();
        parts.AddLogging(logging => logging.AddProvider(log)).AddSingleton(log);
        parts.AddSecureInference(static _ => { }).AddOnnxModels();
        var services = parts.BuildServiceProvider();
        var engine = await services.GetRequiredService<IModelLoader>().LoadAsync("model", options, TestContext.Current.CancellationToken);
        var plan = await BatchingPlan.Of(engine.Metadata, options)
            .ProveAsync(engine, services.GetRequiredService<RuntimeTelemetry>(), TimeProvider.System, TestContext.Current.CancellationToken);
        return new OnnxBatch(folder, services, engine, plan);
    }

    public async ValueTask DisposeAsync()
    {
        await Sut.DisposeAsync();
        await Engine.DisposeAsync();
        await _services.DisposeAsync();
        _folder.Dispose();
    }
}
