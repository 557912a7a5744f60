using System.Runtime.InteropServices;

namespace SecureInference.Results;

/// <summary>The machine that results are from.</summary>
internal static class Machine
{
    /// <summary>Returns its processor, its cores and its .NET.</summary>
    public static string Describe() => $"{Processor()}, {Environment.ProcessorCount} cores, {RuntimeInformation.FrameworkDescription}";

    private static string Processor() =>
        File.ReadLines("/proc/cpuinfo").FirstOrDefault(static line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[1].Trim() ?? "unknown processor";
}
