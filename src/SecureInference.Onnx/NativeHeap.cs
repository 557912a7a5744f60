using System.Runtime.InteropServices;

namespace SecureInference.Onnx;

/// <summary>Gives memory that was freed back to the system: the C library of most Linux systems keeps that of a session for itself.</summary>
internal static unsafe class NativeHeap
{
    private static readonly delegate* unmanaged<nuint, int> MallocTrim = Find();

    /// <summary>Gets whether the C library is one that keeps what is freed, and can be told not to.</summary>
    public static bool CanTrim => MallocTrim is not null;

    /// <summary>Gives back what is free, from every thread's part of the heap; it takes some milliseconds.</summary>
    public static void Trim()
    {
        if (MallocTrim is not null)
        {
            _ = MallocTrim(0);
        }
    }

    private static delegate* unmanaged<nuint, int> Find() =>
        OperatingSystem.IsLinux() && NativeLibrary.TryLoad("libc.so.6", out var library) && NativeLibrary.TryGetExport(library, "malloc_trim", out var address)
            ? (delegate* unmanaged<nuint, int>)address
            : null;
}
