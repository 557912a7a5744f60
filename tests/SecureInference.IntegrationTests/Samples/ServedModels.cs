using Microsoft.Extensions.DependencyInjection;
using SecureInference.TestSupport;
using SecureInference.TestSupport.Onnx;

namespace SecureInference.IntegrationTests.Samples;

/// <summary>One app that serves every kind of ONNX model, each under the name of what is odd about it.</summary>
public sealed class ServedModels : IAsyncLifetime
{
    private readonly TestFolder _folder = new();
    private GuardedApp? _app;

    internal GuardedApp App => _app ?? throw new InvalidOperationException("The app is not started.");

    public async ValueTask InitializeAsync() => _app = await GuardedApp.StartAsync(guards =>
    {
        Add(guards, "addsub", OnnxModels.AddSub());
        Add(guards, "nonfinite", OnnxModels.NonFinite());
        Add(guards, "scalar", OnnxModels.Scalar());
        Add(guards, "strings", OnnxModels.Strings());
        Add(guards, "sequence", OnnxModels.DynamicSequence());
        Add(guards, "datadependent", OnnxModels.DataDependent());
        Add(guards, "gather", OnnxModels.Gather());
        Add(guards, "anything", OnnxModels.Identity(OnnxType.Float, "batch", 4), static options => options.AllowNonFinite = true);
        foreach (var type in EveryTypeTests.Types)
        {
            Add(guards, "identity-" + type, OnnxModels.Identity(type, "batch", 2));
        }
    });

    public async ValueTask DisposeAsync()
    {
        await App.DisposeAsync();
        _folder.Dispose();
    }

    internal async Task<InferAnswer> InferAsync(string model, HttpContent content)
    {
        using (content)
        {
            using var response = await App.Client.PostAsync(PathOf(model), content, TestContext.Current.CancellationToken);
            return await InferAnswer.ReadAsync(response);
        }
    }

    internal Task<Refusal> RefuseAsync(string model, HttpContent content) => Refusal.PostAsync(App.Client, PathOf(model), content);

    /// <summary>Sends the same inputs in both forms, and returns the binary outputs after both were found equal.</summary>
    internal async Task<IReadOnlyList<WireTensor>> InferBothAsync(string model, params WireTensor[] inputs)
    {
        var json = await InferAsync(model, InferBody.Json("json", inputs));
        var binary = await InferAsync(model, InferBody.Binary("binary", inputs));

        Assert.Equal(("json", "binary"), (json.Id, binary.Id));
        Assert.Equal(binary.Outputs.Count, json.Outputs.Count);
        foreach (var (fromBinary, fromJson) in binary.Outputs.Zip(json.Outputs))
        {
            Assert.Equal((fromBinary.Name, fromBinary.Datatype), (fromJson.Name, fromJson.Datatype));
            Assert.Equal(fromBinary.Shape, fromJson.Shape);
            Assert.Equal(fromBinary.Data, fromJson.Data);
        }

        return binary.Outputs;
    }

    private static string PathOf(string model) => $"/v2/models/{model}/infer";

    private void Add(ISecureInferenceBuilder guards, string name, byte[] file, Action<ModelOptions>? configure = null)
    {
        var path = _folder.File(name + ".onnx");
        File.WriteAllBytes(path, file);
        guards.AddOnnxModel(name, path, configure);
    }
}
