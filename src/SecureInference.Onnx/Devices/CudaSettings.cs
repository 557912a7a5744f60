using System.Globalization;

namespace SecureInference.Onnx.Devices;

/// <summary>The options of a model under the names of ONNX Runtime's CUDA provider.</summary>
internal static class CudaSettings
{
    /// <param name="options">The options.</param>
    /// <param name="card">The GPU's number, or <see langword="null"/> where the device is handed over itself.</param>
    public static Dictionary<string, string> Of(CudaOptions options, int? card)
    {
        var settings = new Dictionary<string, string>
        {
            ["cudnn_conv_algo_search"] = options.ConvolutionSearch switch
            {
                CudaConvolutionSearch.Heuristic => "HEURISTIC",
                CudaConvolutionSearch.Exhaustive => "EXHAUSTIVE",
                CudaConvolutionSearch.Default => "DEFAULT",
                _ => throw new ArgumentOutOfRangeException(nameof(options), options.ConvolutionSearch, null),
            },
            ["arena_extend_strategy"] = options.ArenaExtendStrategy switch
            {
                CudaArenaExtendStrategy.SameAsRequested => "kSameAsRequested",
                CudaArenaExtendStrategy.NextPowerOfTwo => "kNextPowerOfTwo",
                _ => throw new ArgumentOutOfRangeException(nameof(options), options.ArenaExtendStrategy, null),
            },
        };
        if (card is { } number)
        {
            settings["device_id"] = number.ToString(CultureInfo.InvariantCulture);
        }

        if (options.MemoryLimit is { } limit)
        {
            settings["gpu_mem_limit"] = limit.ToString(CultureInfo.InvariantCulture);
        }

        return settings;
    }
}
