using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace SecureInference.Pipeline.Auditing.Log;

/// <summary>Tells when a file was made. On Linux the platform does not: it takes the time of the last change for it, which copies keep.</summary>
internal static partial class FileBirth
{
    private const int CurrentFolder = -100;
    private const uint InodeAndBirth = 0x100 | BirthBit;
    private const uint BirthBit = 0x800;
    private const long NanosecondsPerSecond = 1_000_000_000;

    /// <summary>Returns the time in a unit of the system's own, or the file's number where the file system keeps no such time: a copy has another in either case.</summary>
    public static long Of(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            return File.GetCreationTimeUtc(path).Ticks;
        }

        // struct statx, the same on all architectures: the mask at 0, the inode at 32, the birth's seconds at 80 and nanoseconds at 88.
        var status = new byte[256];
        if (Statx(CurrentFolder, [.. Encoding.UTF8.GetBytes(path), 0], flags: 0, InodeAndBirth, status) != 0)
        {
            throw new IOException($"The state of '{path}' cannot be read: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}.");
        }

        return (BinaryPrimitives.ReadUInt32LittleEndian(status) & BirthBit) != 0
            ? (BinaryPrimitives.ReadInt64LittleEndian(status.AsSpan(80)) * NanosecondsPerSecond) + BinaryPrimitives.ReadUInt32LittleEndian(status.AsSpan(88))
            : BinaryPrimitives.ReadInt64LittleEndian(status.AsSpan(32)) & long.MaxValue;
    }

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true)]
    private static partial int Statx(int folder, byte[] path, int flags, uint mask, byte[] status);
}
