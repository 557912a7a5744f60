namespace SecureInference.Onnx.Tests;

public sealed class ModelOptionRulesTests
{
    public static TheoryData<string, Action<ModelOptions>> OutOfRange { get; } = new()
    {
        { "Path", options => options.Path = "" },
        { "Path", options => options.Path = "models/relative.onnx" },
        { "Device", options => options.Device = "Tpu" },
        { "MaxBatchSize", options => options.MaxBatchSize = 0 },
        { "MaxTensorElements", options => options.MaxTensorElements = 0 },
        { "MaxBytesLength", options => options.MaxBytesLength = -1 },
        { "Lanes", options => options.Lanes = 0 },
        { "Lanes", options => options.Lanes = 100_000 },
        { "MaxQueueLength", options => options.MaxQueueLength = -1 },
        { "IntraOpThreads", options => options.IntraOpThreads = 0 },
        { "ArenaShrinkInterval", options => options.ArenaShrinkInterval = 0 },
        { "ArenaShrinkInterval", options => (options.Arena, options.ArenaShrinkInterval) = (false, 8) },
        { "RequireGpu", options => (options.Device, options.RequireGpu) = ("Cpu", true) },
        { "Cuda:MemoryLimit", options => options.Cuda.MemoryLimit = 0 },
        { "Cuda:ArenaExtendStrategy", options => options.Cuda.ArenaExtendStrategy = (CudaArenaExtendStrategy)9 },
        { "Cuda:ConvolutionSearch", options => options.Cuda.ConvolutionSearch = (CudaConvolutionSearch)9 },
        { "Cuda:PluginLibrary", options => options.Cuda.PluginLibrary = "libcuda_plugin.so" },
        { "Timeout", options => options.Timeout = TimeSpan.Zero },
        { "Timeout", options => options.Timeout = TimeSpan.FromDays(25) },
        { "MaxRunTime", options => options.MaxRunTime = TimeSpan.Zero },
        { "CanaryTimeout", options => options.CanaryTimeout = TimeSpan.Zero },
        { "CanaryTimeout", options => options.CanaryTimeout = TimeSpan.FromDays(25) },
        { "CanaryMaxBytes", options => options.CanaryMaxBytes = 0 },
        { "CanaryMaxBytes", options => options.CanaryMaxBytes = long.MaxValue },
        { "Admission:MaxNodes", options => options.Admission.MaxNodes = 0 },
        { "Admission:DisabledRules", options => options.Admission.DisabledRules = ["ONNX-D9"] },
        { "Admission:DisabledRules", options => options.Admission.DisabledRules = ["ONNX-B2"] },
    };

    [Theory]
    [MemberData(nameof(OutOfRange))]
    public void Require_OutOfRange_NamesThePropertyAndSaysWhatToWrite(string property, Action<ModelOptions> configure)
    {
        var options = new ModelOptions { Path = "/models/digits.onnx" };
        configure(options);

        var refusal = Assert.Throws<ModelLoadException>(() => ModelOptionRules.Require("digits", options));

        Assert.StartsWith($"SecureInference:Models:digits:{property} ", refusal.Message, StringComparison.Ordinal);
        Assert.Matches("Write |Remove ", refusal.Message);
    }

    [Fact]
    public void Require_UnknownDevice_ListsTheKnownOnes()
    {
        var options = new ModelOptions { Path = "/models/digits.onnx", Device = "Tpu" };

        var refusal = Assert.Throws<ModelLoadException>(() => ModelOptionRules.Require("digits", options));

        Assert.Contains("Auto, Cpu or Cuda", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Auto")]
    [InlineData("cpu")]
    [InlineData("CUDA")]
    [InlineData("Cuda:0,1")]
    public void Require_Defaults_Pass(string device) =>
        ModelOptionRules.Require("digits", new ModelOptions { Path = "/models/digits.onnx", Device = device, MaxQueueLength = 0 });
}
