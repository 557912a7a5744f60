using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace SecureInference.Onnx.Devices;

/// <summary>Where inputs lie before their run: in memory that a GPU copies from while it computes, or in the ordinary kind.</summary>
internal sealed class HostMemory : IDisposable
{
    private const int ProbeBytes = 4096;

    private readonly OrtMemoryInfo? _info;
    private readonly OrtAllocator? _pinned;

    private HostMemory(OrtMemoryInfo? info, OrtAllocator? pinned)
    {
        _info = info;
        _pinned = pinned;
    }

    /// <summary>Gets the memory of runs on the CPU.</summary>
    public static HostMemory Ordinary { get; } = new(null, null);

    public bool IsPinned => _pinned is not null;

    public OrtAllocator Allocator => _pinned ?? OrtAllocator.DefaultInstance;

    /// <summary>Returns memory that the session's GPU has pinned, where it can be had and written to; the ordinary kind otherwise, which is slower and as right.</summary>
    public static HostMemory TryPin(InferenceSession session, int card)
    {
        OrtMemoryInfo? info = null;
        OrtAllocator? pinned = null;
        try
        {
            info = new OrtMemoryInfo(OrtMemoryInfo.allocatorCUDA_PINNED, OrtAllocatorType.DeviceAllocator, card, OrtMemType.CpuOutput);
            pinned = new OrtAllocator(session, info);
            using var probe = OrtValue.CreateAllocatedTensorValue(pinned, TensorElementType.UInt8, [ProbeBytes]);
            probe.GetTensorMutableRawData().Fill(1);
            return new HostMemory(info, pinned);
        }
        catch (Exception failure) when (failure is OnnxRuntimeException or EntryPointNotFoundException)
        {
            pinned?.Dispose();
            info?.Dispose();
            return Ordinary;
        }
    }

    public void Dispose()
    {
        _pinned?.Dispose();
        _info?.Dispose();
    }
}
