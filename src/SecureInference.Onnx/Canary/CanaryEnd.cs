namespace SecureInference.Onnx.Canary;

/// <summary>Says how a process ended.</summary>
internal static class CanaryEnd
{
    /// <summary>Where a signal ends a process, .NET adds this to its number.</summary>
    private const int SignalBase = 128;

    public static string Describe(int exitCode) => OperatingSystem.IsWindows()
        ? $"exit code 0x{exitCode:X8}"
        : (exitCode - SignalBase) switch
        {
            4 => Signal("SIGILL", exitCode),
            6 => Signal("SIGABRT", exitCode),
            8 => Signal("SIGFPE", exitCode),
            9 => Signal("SIGKILL, which most likely came from the system, for want of memory", exitCode),
            11 => Signal("SIGSEGV", exitCode),
            _ => $"exit code {exitCode}",
        };

    private static string Signal(string name, int exitCode) => $"exit code {exitCode}: {name}";
}
