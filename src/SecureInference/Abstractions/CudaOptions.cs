namespace SecureInference;

/// <summary>The dials of a model on GPUs of NVIDIA.</summary>
public sealed class CudaOptions
{
    /// <summary>Gets or sets the bytes of each GPU that the model's arena may take; what the libraries take comes on top.</summary>
    /// <value>The default is <see langword="null"/>: as many as there are.</value>
    public long? MemoryLimit { get; set; }

    /// <summary>Gets or sets how the arena grows.</summary>
    /// <value>The default is <see cref="CudaArenaExtendStrategy.SameAsRequested"/>.</value>
    public CudaArenaExtendStrategy ArenaExtendStrategy { get; set; }

    /// <summary>Gets or sets how the algorithms of convolutions are chosen.</summary>
    /// <value>The default is <see cref="CudaConvolutionSearch.Heuristic"/>.</value>
    public CudaConvolutionSearch ConvolutionSearch { get; set; }

    /// <summary>Gets or sets the CUDA provider's plug-in library, as an absolute path, where the native ONNX Runtime has none built in.</summary>
    /// <value>The default is <see langword="null"/>: the provider that is built in.</value>
    public string? PluginLibrary { get; set; }

    internal IEnumerable<string> Problems(string path)
    {
        if (MemoryLimit < 1)
        {
            yield return $"{path}:MemoryLimit is {MemoryLimit}. Write a number of bytes above 0, for example 4294967296, or remove it.";
        }

        if (!Enum.IsDefined(ArenaExtendStrategy))
        {
            yield return $"{path}:ArenaExtendStrategy is {ArenaExtendStrategy}. Write one of: {string.Join(", ", Enum.GetNames<CudaArenaExtendStrategy>())}.";
        }

        if (!Enum.IsDefined(ConvolutionSearch))
        {
            yield return $"{path}:ConvolutionSearch is {ConvolutionSearch}. Write one of: {string.Join(", ", Enum.GetNames<CudaConvolutionSearch>())}.";
        }

        // A library is code: it is loaded from where the operator says, and searched for nowhere.
        if (PluginLibrary is not null && !System.IO.Path.IsPathFullyQualified(PluginLibrary))
        {
            yield return $"{path}:PluginLibrary is '{PluginLibrary}'. Write an absolute path, for example /opt/app/libonnxruntime_providers_cuda_plugin.so, or remove it.";
        }
    }
}
