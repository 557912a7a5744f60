using System.Globalization;
using System.Runtime.InteropServices;

namespace SecureInference.Onnx.Canary;

/// <summary>What the process that tries a model may take, and what may be seen of it.</summary>
internal static partial class CanaryLimits
{
    private const int DataResource = 2;
    private const int CoreResource = 4;
    private const int SetDumpable = 4;
    private const nint DefaultAction = 0;

    /// <summary>SIGILL, SIGABRT, SIGFPE and SIGSEGV, as every Unix numbers them.</summary>
    private static readonly int[] Crashes = [4, 6, 8, 11];

    /// <summary>The copies of a model that live at once while it loads: as it was sent, parsed, laid out, and laid out for the processor.</summary>
    private const int Copies = 4;

    /// <summary>What .NET, ONNX Runtime and a run take that have nothing to do with the model's size.</summary>
    private const long Base = 1L << 30;

    /// <summary>The stack of a thread of ONNX Runtime counts as memory in full, and there is one for each processor.</summary>
    private const long Stack = 8L << 20;

    /// <summary>Returns what a trial may take.</summary>
    public static long MemoryOf(ModelOptions options, long size) => options.CanaryMaxBytes ?? (Copies * size) + Base;

    /// <summary>Sees to it that what this process holds is in no dump, that it ends where native code crashes, and that it goes first where the system has no memory left.</summary>
    public static void Harden()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        Set(CoreResource, 0);
        // .NET describes a crash before it ends, and hangs where native code held a lock, as that of the heap, when it overflowed the stack.
        Array.ForEach(Crashes, static signal => SetAction(signal, DefaultAction));
        if (OperatingSystem.IsLinux())
        {
            GoFirst();
            Require(Prctl(SetDumpable, 0, 0, 0, 0));
        }
    }

    /// <summary>Bounds what this process takes from now on; only Linux counts memory in a way that fits .NET, which reserves far more than it takes.</summary>
    public static void LimitMemory(long bytes)
    {
        if (OperatingSystem.IsLinux())
        {
            Set(DataResource, checked((ulong)(ReadData() + bytes + (Stack * Environment.ProcessorCount))));
        }
    }

    private static long ReadData()
    {
        const string Name = "VmData:";
        var line = File.ReadLines("/proc/self/status").First(static line => line.StartsWith(Name, StringComparison.Ordinal));
        return long.Parse(line[Name.Length..].Replace("kB", "", StringComparison.Ordinal).Trim(), CultureInfo.InvariantCulture) * 1024;
    }

    private static void GoFirst()
    {
        try
        {
            File.WriteAllText("/proc/self/oom_score_adj", "1000");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Then the system chooses as ever.
        }
    }

    private static void Set(int resource, ulong most)
    {
        Require(GetLimit(resource, out var limit));
        limit.Hard = Math.Min(limit.Hard, most);
        limit.Soft = limit.Hard;
        Require(SetLimit(resource, in limit));
    }

    // A trial without its limits is none.
    private static void Require(int result)
    {
        if (result != 0)
        {
            throw new InvalidOperationException($"The system does not limit this process: error {Marshal.GetLastPInvokeError()}.");
        }
    }

    [LibraryImport("libc", EntryPoint = "getrlimit", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int GetLimit(int resource, out Limit limit);

    [LibraryImport("libc", EntryPoint = "setrlimit", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetLimit(int resource, in Limit limit);

    [LibraryImport("libc", EntryPoint = "prctl", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Prctl(int option, nuint first, nuint second, nuint third, nuint fourth);

    [LibraryImport("libc", EntryPoint = "signal")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint SetAction(int signal, nint action);

    [StructLayout(LayoutKind.Sequential)]
    private struct Limit
    {
        public ulong Soft;
        public ulong Hard;
    }
}
