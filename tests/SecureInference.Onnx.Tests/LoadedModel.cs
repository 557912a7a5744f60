using SecureInference.Models;

namespace SecureInference.Onnx.Tests;

/// <summary>A model that was loaded from a file of its own, which is gone when this is disposed.</summary>
internal sealed class LoadedModel : IAsyncDisposable
{
    private readonly string _path;

    private LoadedModel(string path, IModelEngine engine, CollectingLoggerFactory logs)
    {
        _path = path;
        Engine = engine;
        Logs = logs;
    }

    public IModelEngine Engine { get; }

    public CollectingLoggerFactory Logs { get; }

    public static async Task<LoadedModel> LoadAsync(byte[] model, Action<ModelOptions>? configure = null, TimeProvider? time = null)
    {
        var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.onnx");
        await File.WriteAllBytesAsync(path, model, TestContext.Current.CancellationToken);
        try
        {
            var logs = new CollectingLoggerFactory();
            var options = new ModelOptions { Path = path };
            // Runs that take their time are loops here.
            options.Admission.DisabledRules = ["ONNX-D1", "ONNX-D2"];
            configure?.Invoke(options);
            var loader = new OnnxModelLoader(new ModelReader(), new OnnxTelemetry(logs), time ?? TimeProvider.System);
            return new LoadedModel(path, await loader.LoadAsync("test", options, TestContext.Current.CancellationToken), logs);
        }
        catch
        {
            File.Delete(path);
            throw;
        }
    }

    public async Task<InferenceResponse> RunAsync(params Tensor[] inputs) =>
        await Engine.RunAsync(new InferenceRequest(inputs), TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await Engine.DisposeAsync();
        File.Delete(_path);
    }
}
