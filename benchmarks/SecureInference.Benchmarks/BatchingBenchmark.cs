using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.DependencyInjection;

namespace SecureInference.Benchmarks;

/// <summary>What does the way of a request to a lane and back cost, beside a run on its own thread, and putting rows together and taking them apart?</summary>
[MemoryDiagnoser]
public class BatchingBenchmark
{
    private readonly string _path = Path.Combine(AppContext.BaseDirectory, "digits.onnx");
    private readonly InferenceRequest _request = new(Tensor.Create<float>("pixels", [1, 64], new float[64]));
    private ServiceProvider? _services;
    private IModelRunner? _inline;
    private IModelRunner? _handedOver;
    private IModelEngine? _engine;
    private InferenceBatch? _batch;

    /// <summary>Gets or sets the requests that run as one.</summary>
    [Params(8, 32)]
    public int Requests { get; set; }

    [GlobalSetup]
    public async Task Setup()
    {
        var services = new ServiceCollection();
        services.AddLogging().AddMetrics();
        services.AddSecureInference(static _ => { }).AddOnnxModels();
        _services = services.BuildServiceProvider();
        var factory = _services.GetRequiredService<IModelRunnerFactory>();
        _inline = await LoadAsync(factory, TimeSpan.FromMilliseconds(100));
        _handedOver = await LoadAsync(factory, TimeSpan.Zero);
        _engine = await _services.GetRequiredService<IModelLoader>().LoadAsync("digits", new ModelOptions { Path = _path, MaxBatchSize = 32 }, CancellationToken.None);
        _batch = new InferenceBatch(_engine.Metadata);
    }

    [GlobalCleanup]
    public ValueTask Cleanup() => _services?.DisposeAsync() ?? default;

    /// <summary>A request that is alone, on its own thread.</summary>
    [Benchmark(Baseline = true)]
    public Task<float> Inline() => RunAsync(_inline!);

    /// <summary>The same, handed to a lane's thread and back.</summary>
    [Benchmark]
    public Task<float> HandedOver() => RunAsync(_handedOver!);

    /// <summary>Requests of one row each, copied into one run and answered from it; all of them together.</summary>
    [Benchmark]
    public async Task<int> Batch()
    {
        var batch = _batch!;
        for (var index = 0; index < Requests; index++)
        {
            batch.Add(_request, 1);
        }

        await _engine!.RunBatchAsync(batch, CancellationToken.None);
        var rows = 0;
        for (var index = 0; index < Requests; index++)
        {
            using var answer = batch.TakeResponse(index);
            rows += answer!.Outputs.Count;
        }

        batch.Clear();
        return rows;
    }

    private async Task<IModelRunner> LoadAsync(IModelRunnerFactory factory, TimeSpan maxInlineRun)
    {
        var options = new ModelOptions { Path = _path, MaxBatchSize = 32, MaxInlineRun = maxInlineRun };
        var engine = await _services!.GetRequiredService<IModelLoader>().LoadAsync("digits", options, CancellationToken.None);
        return await factory.CreateAsync(engine, options, CancellationToken.None);
    }

    private async Task<float> RunAsync(IModelRunner runner)
    {
        using var answer = await runner.RunAsync(_request);
        return answer.Outputs[0].GetValues<float>()[0];
    }
}
