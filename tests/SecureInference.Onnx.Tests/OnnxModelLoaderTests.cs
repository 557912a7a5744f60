using SecureInference.Models;
using SecureInference.TestSupport.Onnx;

namespace SecureInference.Onnx.Tests;

public sealed class OnnxModelLoaderTests
{
    [Fact]
    public async Task Load_AddSub_TellsNamesTypesShapesAndLimits()
    {
        await using var model = await LoadedModel.LoadAsync(OnnxModels.AddSub(), options => options.AllowNonFinite = true);

        var metadata = model.Engine.Metadata;

        Assert.Equal("test", metadata.Name);
        Assert.Equal("1", metadata.Version);
        Assert.Equal("onnxruntime_onnx", metadata.Platform);
        Assert.Equal(["INPUT0", "INPUT1"], metadata.Inputs.Select(input => input.Name));
        Assert.Equal(["OUTPUT0", "OUTPUT1"], metadata.Outputs.Select(output => output.Name));
        Assert.All(metadata.Inputs.Concat(metadata.Outputs), spec => Assert.Equal(TensorDataType.Int32, spec.DataType));
        Assert.Equal([-1, 16], metadata.Inputs[0].Shape.ToArray());
        Assert.Equal(["batch", null], metadata.Inputs[0].Symbols.ToArray());
        Assert.Equal(new ModelLimits(ModelOptions.DefaultMaxRows, 1 << 20, 1 << 20, AllowNonFinite: true), metadata.Limits);
    }

    [Fact]
    public async Task Load_LanesLeftOut_TakesOneForEachProcessor()
    {
        await using var model = await LoadedModel.LoadAsync(OnnxModels.Scalar());

        Assert.Equal(Environment.ProcessorCount, model.Engine.Lanes);
        Assert.Equal(1, model.Logs.Count(2001));
    }

    [Fact]
    public async Task Load_UnnamedDimensions_GivesThemNoSymbol()
    {
        await using var model = await LoadedModel.LoadAsync(OnnxModels.Identity(OnnxType.Float, default, default(OnnxDim)));

        Assert.Equal([null, null], model.Engine.Metadata.Inputs[0].Symbols.ToArray());
    }

    [Fact]
    public async Task Load_MissingFile_SaysSo()
    {
        var options = new ModelOptions { Path = "/nowhere/model.onnx" };

        var refusal = await Refusal(options);

        Assert.Contains("Models:broken:Path", refusal, StringComparison.Ordinal);
        Assert.Contains("does not exist", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Load_Folder_SaysSo()
    {
        var refusal = await Refusal(new ModelOptions { Path = Path.GetTempPath() });

        Assert.Contains("is a folder", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Load_EmptyFile_SaysSo() => Assert.Contains("is empty", await Refusal([]), StringComparison.Ordinal);

    [Fact]
    public async Task Load_TextFile_SaysThatItIsNoModelAndQuotesNothing()
    {
        var refusal = await Refusal("secret=hunter2 and further lines"u8.ToArray());

        Assert.Contains("is not an ONNX model", refusal, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Load_TruncatedModel_SaysThatItIsDamaged() =>
        Assert.Contains("or is damaged", await Refusal(OnnxModels.Mlp(8, 8, 4)[..^50]), StringComparison.Ordinal);

    [Fact]
    public async Task Load_UnknownOperator_SaysSoAndNamesIt()
    {
        var model = new OnnxModelBuilder()
            .Input("X", OnnxType.Float, "n").Output("Y", OnnxType.Float, "n").Node("NoSuchOperator", ["X"], ["Y"]).Build();

        var refusal = await Refusal(model);

        Assert.Contains("an operator that ONNX Runtime does not have", refusal, StringComparison.Ordinal);
        Assert.Contains("graph / node 0 (NoSuchOperator)", refusal, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(OnnxType.Complex64)]
    [InlineData(OnnxType.Complex128)]
    public async Task Load_ComplexNumbers_SaysThatTheProtocolHasNone(OnnxType type) =>
        Assert.Contains("complex", await Refusal(OnnxModels.Identity(type, "batch", 2)), StringComparison.Ordinal);

    [Fact]
    public async Task Load_SequenceOutput_NamesItAndSaysWhatToDo()
    {
        var refusal = await Refusal(OnnxModels.SequenceOutput());

        Assert.Contains("output 'items' is a sequence", refusal, StringComparison.Ordinal);
        Assert.Contains("zipmap=False", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Load_CudaRequiredWithoutCuda_NamesThePackage()
    {
        var refusal = await Refusal(OnnxModels.Scalar(), options => options.Device = "Cuda");

        Assert.Contains("Microsoft.ML.OnnxRuntime.Gpu", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Load_AutoWithoutCuda_RunsOnTheCpuAndSaysWhy()
    {
        await using var model = await LoadedModel.LoadAsync(OnnxModels.Scalar(), options => options.Device = "auto");

        Assert.Contains(model.Logs.Texts, text => text.Contains("runs on Cpu", StringComparison.Ordinal) && text.Contains("no CUDA", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Auto", false)]
    [InlineData("Cuda", false)]
    [InlineData("Auto", true)]
    public async Task Load_PluginLibraryIsMissing_FallsBackLoudlyOrRefuses(string device, bool requireGpu)
    {
        void Configure(ModelOptions options)
        {
            options.Device = device;
            options.RequireGpu = requireGpu;
            options.Cuda.PluginLibrary = "/nowhere/libcuda_plugin.so";
        }

        if (device == "Auto" && !requireGpu)
        {
            await using var model = await LoadedModel.LoadAsync(OnnxModels.Scalar(), Configure);
            Assert.Equal(1, model.Logs.Count(2020));
            Assert.Equal(("Cpu", "the plug-in library does not load"), (model.Engine.Metadata.Device, model.Engine.Metadata.DeviceReason));
            Assert.NotNull(model.Engine.Metadata.Degradation);
        }
        else
        {
            Assert.Contains("Cuda:PluginLibrary", await Refusal(OnnxModels.Scalar(), Configure), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Load_ThreadsSpinningAndArenaAreSet_Runs()
    {
        await using var model = await LoadedModel.LoadAsync(OnnxModels.Mlp(8, 8, 4), static options =>
            (options.Lanes, options.IntraOpThreads, options.Spinning, options.ArenaShrinkInterval) = (1, 2, true, 3));
        await using var without = await LoadedModel.LoadAsync(OnnxModels.Mlp(8, 8, 4), static options => options.Arena = false);

        for (var run = 0; run < 10; run++)
        {
            // Both ways of running, some of them giving memory back.
            using var one = await model.RunAsync(Some.Floats("x", 2, 8, seed: run));
            using var other = await without.RunAsync(Some.Floats("x", 2, 8, seed: run));
            Assert.Equal(other.Outputs[0].GetValues<float>().ToArray(), one.Outputs[0].GetValues<float>().ToArray());
        }
    }

    [Fact]
    public async Task Load_Cancelled_Throws()
    {
        var path = Path.GetTempFileName();
        await File.WriteAllBytesAsync(path, OnnxModels.Scalar(), TestContext.Current.CancellationToken);

        var load = async () => await CreateSut().LoadAsync("broken", new ModelOptions { Path = path }, new CancellationToken(canceled: true));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(load);
        File.Delete(path);
    }

    [Fact]
    public async Task Load_ModelThatRefusesTheSample_ServesItAllTheSame()
    {
        // Reshapes to [ones], which no input of two elements fits.
        var model = new OnnxModelBuilder()
            .Input("x", OnnxType.Float, 2).Input("shape", OnnxType.Int64, 1).Output("y", OnnxType.Float, "n")
            .Node("Reshape", ["x", "shape"], ["y"]).Build();

        await using var loaded = await LoadedModel.LoadAsync(model);
        using var response = await loaded.RunAsync(Tensor.Create<float>("x", [2], [3, 4]), Tensor.Create<long>("shape", [1], [2]));

        Assert.Equal(1, loaded.Logs.Count(2002));
        Assert.Equal([3, 4], response.Outputs[0].GetValues<float>().ToArray());
    }

    private static OnnxModelLoader CreateSut() => new(new ModelReader(), new OnnxTelemetry(new CollectingLoggerFactory()), TimeProvider.System);

    private static async Task<string> Refusal(byte[] model, Action<ModelOptions>? configure = null) =>
        (await Assert.ThrowsAsync<ModelLoadException>(() => LoadedModel.LoadAsync(model, configure))).Message;

    private static async Task<string> Refusal(ModelOptions options)
    {
        var load = async () => await CreateSut().LoadAsync("broken", options, TestContext.Current.CancellationToken);
        return (await Assert.ThrowsAsync<ModelLoadException>(load)).Message;
    }
}
