using SecureInference.Onnx.Devices;

namespace SecureInference.Onnx.Tests.Devices;

public sealed class CudaSettingsTests
{
    [Fact]
    public void Of_Defaults_NeitherTryEveryAlgorithmNorDoubleTheArena() => Assert.Equal(
        new Dictionary<string, string> { ["device_id"] = "1", ["cudnn_conv_algo_search"] = "HEURISTIC", ["arena_extend_strategy"] = "kSameAsRequested" },
        CudaSettings.Of(new CudaOptions(), card: 1));

    [Fact]
    public void Of_EveryOption_UsesTheProvidersNames() => Assert.Equal(
        new Dictionary<string, string> { ["cudnn_conv_algo_search"] = "EXHAUSTIVE", ["arena_extend_strategy"] = "kNextPowerOfTwo", ["gpu_mem_limit"] = "8589934592" },
        CudaSettings.Of(
            new CudaOptions { MemoryLimit = 8L << 30, ConvolutionSearch = CudaConvolutionSearch.Exhaustive, ArenaExtendStrategy = CudaArenaExtendStrategy.NextPowerOfTwo }, card: null));

    [Fact]
    public void Of_EveryValueOfEveryList_HasAName()
    {
        foreach (var search in Enum.GetValues<CudaConvolutionSearch>())
        {
            Assert.NotEmpty(CudaSettings.Of(new CudaOptions { ConvolutionSearch = search }, card: 0)["cudnn_conv_algo_search"]);
        }

        foreach (var strategy in Enum.GetValues<CudaArenaExtendStrategy>())
        {
            Assert.NotEmpty(CudaSettings.Of(new CudaOptions { ArenaExtendStrategy = strategy }, card: 0)["arena_extend_strategy"]);
        }
    }
}
