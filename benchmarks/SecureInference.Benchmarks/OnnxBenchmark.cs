using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace SecureInference.Benchmarks;

/// <summary>What does a run of the digits model cost through a lane, beside the way that ONNX Runtime's documentation shows?</summary>
[MemoryDiagnoser]
public class OnnxBenchmark
{
    private readonly string _path = Path.Combine(AppContext.BaseDirectory, "digits.onnx");
    private readonly float[] _pixels = new float[64];
    private InferenceSession? _session;
    private IModelEngine? _engine;
    private InferenceRequest? _request;

    [GlobalSetup]
    public async Task Setup()
    {
        _session = new InferenceSession(_path);
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSecureInference(static _ => { }).AddOnnxModels();
        await using var provider = services.BuildServiceProvider();
        var loader = provider.GetRequiredService<IModelLoader>();
        _engine = await loader.LoadAsync("digits", new ModelOptions { Path = _path }, CancellationToken.None);
        _request = new InferenceRequest(Tensor.Create<float>("pixels", [1, 64], _pixels));
    }

    [Benchmark(Baseline = true)]
    public float NamedOnnxValue()
    {
        var input = new DenseTensor<float>(_pixels, [1, 64]);
        using var outputs = _session?.Run([Microsoft.ML.OnnxRuntime.NamedOnnxValue.CreateFromTensor("pixels", input)]);
        return outputs?[0].AsTensor<float>()[0, 0] ?? 0;
    }

    [Benchmark]
    public async Task<float> Lane()
    {
        if (_engine is null || _request is null)
        {
            return 0;
        }

        using var answer = await _engine.RunAsync(_request);
        return answer.Outputs[0].GetValues<float>()[0];
    }
}
