namespace SecureInference.Onnx.Devices;

/// <summary>The kinds of devices that a model may ask for.</summary>
internal enum DeviceKind
{
    /// <summary>A GPU where one starts, and the CPU otherwise.</summary>
    Auto,

    /// <summary>The processors.</summary>
    Cpu,

    /// <summary>GPUs of NVIDIA.</summary>
    Cuda,
}
