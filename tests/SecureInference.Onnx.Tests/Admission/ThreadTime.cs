using System.Runtime.InteropServices;

namespace SecureInference.Onnx.Tests.Admission;

/// <summary>The processor time of one thread, which does not pass while others run.</summary>
internal static class ThreadTime
{
    private const int OfThisThread = 3;

    /// <summary>Gets the processor time that this thread has used.</summary>
    public static TimeSpan Now => GetTime(OfThisThread, out var time) == 0
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
