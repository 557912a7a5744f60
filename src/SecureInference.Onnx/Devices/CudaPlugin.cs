using Microsoft.ML.OnnxRuntime;

namespace SecureInference.Onnx.Devices;

/// <summary>The CUDA provider as a library beside the native ONNX Runtime.</summary>
internal static class CudaPlugin
{
    private const string Provider = "CudaPluginExecutionProvider";

    private static readonly Lock Registering = new();
    private static readonly Dictionary<string, string> Registered = new(StringComparer.Ordinal);

    /// <summary>Returns the devices that the library finds, in its own order.</summary>
    /// <exception cref="OnnxRuntimeException">The library does not load.</exception>
    public static IReadOnlyList<OrtEpDevice> FindDevices(string library)
    {
        lock (Registering)
        {
            // Once in a process: a library that is registered stays.
            if (!Registered.ContainsKey(library))
            {
                var name = $"SecureInference.Cuda.{Registered.Count}";
                OrtEnv.Instance().RegisterExecutionProviderLibrary(name, library);
                Registered.Add(library, name);
            }
        }

        return [.. OrtEnv.Instance().GetEpDevices().Where(static device => device.EpName == Provider)];
    }
}
