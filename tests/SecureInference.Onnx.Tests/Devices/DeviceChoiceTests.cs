using SecureInference.Onnx.Devices;

namespace SecureInference.Onnx.Tests.Devices;

public sealed class DeviceChoiceTests
{
    [Theory]
    [InlineData("Auto", "Auto", new[] { 0 })]
    [InlineData("cpu", "Cpu", new[] { 0 })]
    [InlineData("CUDA", "Cuda", new[] { 0 })]
    [InlineData("Cuda:1", "Cuda", new[] { 1 })]
    [InlineData("cuda:2,0,1", "Cuda", new[] { 2, 0, 1 })]
    public void TryParse_Known_SaysKindAndNumbers(string text, string kind, int[] cards)
    {
        var choice = DeviceChoice.TryParse(text);

        Assert.Equal(kind, choice?.Kind.ToString());
        Assert.Equal(cards, choice?.Cards);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Gpu")]
    [InlineData("1")]
    [InlineData("Cpu:0")]
    [InlineData("Auto:0")]
    [InlineData("Cuda:")]
    [InlineData("Cuda:0,")]
    [InlineData("Cuda:0,0")]
    [InlineData("Cuda:-1")]
    [InlineData("Cuda: 1")]
    [InlineData("Cuda:64")]
    [InlineData("Cuda:0;1")]
    [InlineData("Cuda:99999999999")]
    public void TryParse_Unknown_SaysNo(string text) => Assert.Null(DeviceChoice.TryParse(text));
}
