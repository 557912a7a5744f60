using System.Runtime.InteropServices;

namespace SecureInference.Onnx;

/// <summary>Keeps ONNX Runtime from collecting usage data, which it does by default: a server of other people's payloads tells nobody about itself.</summary>
internal static partial class NativeTelemetry
{
    private const string Switch = "ORT_DISABLE_TELEMETRY";

    /// <summary>Sets the switch, unless whoever started the process has set it; to be called before ONNX Runtime is first used.</summary>
    public static void Disable()
    {
        if (!OperatingSystem.IsWindows() && Environment.GetEnvironmentVariable(Switch) is null)
        {
            // .NET keeps an environment of its own on Unix: native code sees only what libc is told.
            _ = SetEnvironmentVariable(Switch, "1", overwrite: 0);
        }
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironmentVariable(string name, string value, int overwrite);
}
