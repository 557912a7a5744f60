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
        { "Timeout", options => options.Timeout = TimeSpan.Zero },
        { "Timeout", options => options.Timeout = TimeSpan.FromDays(25) },
        { "MaxRunTime", options => options.MaxRunTime = TimeSpan.Zero },
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
        Assert.Contains("Write ", refusal.Message, StringComparison.Ordinal);
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
    public void Require_Defaults_Pass(string device) =>
        ModelOptionRules.Require("digits", new ModelOptions { Path = "/models/digits.onnx", Device = device, MaxQueueLength = 0 });
}
