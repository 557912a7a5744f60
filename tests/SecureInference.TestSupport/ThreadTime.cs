using System.Diagnostics;
using System.Runtime.InteropServices;

namespace SecureInference.TestSupport;

/// <summary>The processor time of one thread, which does not pass while others run.</summary>
public static class ThreadTime
{
    private const int OfThisThread = 3;

    /// <summary>Gets the processor time that this thread has used; where the system is not Linux, the time.</summary>
    public static TimeSpan Now => OperatingSystem.IsLinux() ? OfLinux() : Stopwatch.GetElapsedTime(0);

    private static TimeSpan OfLinux() => GetTime(OfThisThread, out var time) == 0
        ? TimeSpan.FromSeconds(time.Seconds) + TimeSpan.FromMicroseconds(time.Nanoseconds / 1000.0)
        : throw new InvalidOperationException("The system does not say.");

    [DllImport("libc", EntryPoint = "clock_gettime")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int GetTime(int clock, out Time time);

    [StructLayout(LayoutKind.Sequential)]
    private struct Time
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
