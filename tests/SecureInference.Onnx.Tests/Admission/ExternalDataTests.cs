using SecureInference.TestSupport;

namespace SecureInference.Onnx.Tests.Admission;

public sealed class ExternalDataTests
{
    [Fact]
    public async Task Load_WeightsInAListedFile_RunsWithThemAndOpensNoFile()
    {
        var weights = new[] { 0f, 10f, 20f, 30f }.SelectMany(BitConverter.GetBytes).ToArray();
        var file = Model(("location", "data/weights.bin"), ("offset", "4"), ("length", "8"));

        using var response = await RunAsync(file, weights);

        Assert.Equal([11, 22], response.Outputs[0].GetValues<float>().ToArray());
    }

    [Fact]
    public async Task Load_WeightsOfTwoTensorsInOneFile_RunsWithBoth()
    {
        var weights = new[] { 1f, 2f, 3f, 4f }.SelectMany(BitConverter.GetBytes).ToArray();
        var file = Proto.Model(Proto.Graph(
            Proto.Message(5, Proto.External("v", 1, [2], ("location", "data/weights.bin"), ("offset", "0"), ("length", "8"))),
            Proto.Message(5, Proto.External("w", 1, [2], ("location", "data/weights.bin"), ("offset", "8"), ("length", "8"))),
            Proto.Input("x", 1, 2), Proto.Output("y", 1, 2), Proto.Node("Sum", "x v w", "y")));

        using var response = await RunAsync(file, weights);

        Assert.Equal([5, 8], response.Outputs[0].GetValues<float>().ToArray());
    }

    [Fact]
    public async Task Load_WeightsInAFileThatIsNotListed_SaysHowToSignTheFolder()
    {
        var refusal = await Assert.ThrowsAsync<ModelLoadException>(() => LoadedModel.LoadAsync(Model(("location", "data/weights.bin"), ("length", "8"))));

        Assert.Contains("ONNX-G2", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("'secure-inference model sign'", refusal.Message, StringComparison.Ordinal);
    }

    private static byte[] Model(params (string, string)[] entries) => Proto.Model(Proto.Graph(
        Proto.Message(5, Proto.External("w", 1, [2], entries)), Proto.Input("x", 1, 2), Proto.Output("y", 1, 2), Proto.Node("Add", "x w", "y")));

    private static async Task<InferenceResponse> RunAsync(byte[] file, byte[] weights)
    {
        using var folder = new TestFolder();
        var reader = new MemoryReader(file, new Dictionary<string, byte[]>(StringComparer.Ordinal) { ["data/weights.bin"] = weights });
        var loader = new OnnxModelLoader(reader, new OnnxTelemetry(new CollectingLoggerFactory()), TimeProvider.System);
        await using var engine = await loader.LoadAsync("test", new ModelOptions { Path = folder.File("model.onnx") }, TestContext.Current.CancellationToken);

        // The loader has wiped the bytes by now: the session must hold its own.
        Assert.All(weights, static one => Assert.Equal(0, one));
        return await engine.RunAsync(new InferenceRequest([Tensor.Create<float>("x", [2], [1, 2])]), TestContext.Current.CancellationToken);
    }
}
