using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace SecureInference.Models.Protection.Files;

/// <summary>What a file is by itself, as Linux says it; elsewhere nothing is known.</summary>
/// <param name="IsRegular">Whether it holds bytes: no folder, link, pipe, socket or device.</param>
/// <param name="IsFolder">Whether it is a folder.</param>
/// <param name="Links">How many names it has.</param>
/// <param name="Owner">The number of the user it belongs to.</param>
internal readonly record struct FileFacts(bool IsRegular, bool IsFolder, uint Links, uint Owner)
{
    // The layout is the same on every processor, unlike that of stat.
    private const int BufferLength = 256;
    private const int LinksOffset = 16;
    private const int OwnerOffset = 20;
    private const int ModeOffset = 28;
    private const uint TypeLinksAndOwner = 0x1 | 0x4 | 0x8;
    private const int CurrentFolder = -100;
    private const int NoFollow = 0x100;
    private const int EmptyPath = 0x1000;
    private const int TypeMask = 0xF000;
    private const int RegularType = 0x8000;
    private const int FolderType = 0x4000;

    /// <returns>What the path itself is, or <see langword="null"/> where that is not known.</returns>
    public static FileFacts? Of(string path) => Ask(CurrentFolder, Encoding.UTF8.GetBytes(path + '\0'), NoFollow);

    /// <returns>What is open, or <see langword="null"/> where that is not known.</returns>
    public static FileFacts? Of(SafeFileHandle handle)
    {
        var isHeld = false;
        try
        {
            handle.DangerousAddRef(ref isHeld);
            return Ask((int)handle.DangerousGetHandle(), [0], EmptyPath);
        }
        finally
        {
            if (isHeld)
            {
                handle.DangerousRelease();
            }
        }
    }

    private static FileFacts? Ask(int folder, byte[] path, int flags)
    {
        var buffer = new byte[BufferLength];
        try
        {
            if (!OperatingSystem.IsLinux() || StatX(folder, path, flags, TypeLinksAndOwner, buffer) != 0)
            {
                return null;
            }
        }
        catch (EntryPointNotFoundException)
        {
            return null;
        }

        var type = BinaryPrimitives.ReadUInt16LittleEndian(buffer.AsSpan(ModeOffset)) & TypeMask;
        return new FileFacts(
            type == RegularType,
            type == FolderType,
            BinaryPrimitives.ReadUInt32LittleEndian(buffer.AsSpan(LinksOffset)),
            BinaryPrimitives.ReadUInt32LittleEndian(buffer.AsSpan(OwnerOffset)));
    }

    [DllImport("libc", EntryPoint = "statx")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int StatX(int folder, byte[] path, int flags, uint mask, byte[] buffer);
}
