using System.Runtime.InteropServices;

namespace SecureInference.Models.Protection.Files;

/// <summary>Memory for a model in the clear.</summary>
internal static partial class ModelMemory
{
    /// <summary>MADV_POPULATE_WRITE of madvise(2), since Linux 5.14.</summary>
    private const int PopulateWrite = 23;

    private const int PageSize = 4096;

    /// <summary>Returns memory that the collector does not move, so that it leaves no copies behind; the caller wipes it.</summary>
    /// <param name="length">In bytes. The content is undefined.</param>
    public static byte[] Allocate(long length) => GC.AllocateUninitializedArray<byte>((int)length, pinned: true);

    /// <summary>Has the pages of a part ready that is about to be written. A gigabyte is a quarter of a million of them, and to fault on each takes as long as to decrypt it.</summary>
    /// <remarks>Where the system cannot, each is fetched when it is written, as ever.</remarks>
    /// <param name="memory">What <see cref="Allocate"/> returned.</param>
    /// <param name="from">The first byte of the part.</param>
    /// <param name="length">Its length in bytes.</param>
    public static void Populate(byte[] memory, int from, int length)
    {
        if (OperatingSystem.IsLinux() && length > PageSize)
        {
            var start = Marshal.UnsafeAddrOfPinnedArrayElement(memory, from);
            var firstPage = start & ~(PageSize - 1);
            _ = MAdvise(firstPage, (nuint)(start + length - firstPage), PopulateWrite);
        }
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int MAdvise(nint start, nuint length, int advice);
}
