namespace SecureInference.Onnx;

/// <summary>The devices that <see cref="ModelOptions.Device"/> may name.</summary>
internal static class Devices
{
    public const string Auto = "Auto";

    public const string Cpu = "Cpu";

    public const string Cuda = "Cuda";
}
