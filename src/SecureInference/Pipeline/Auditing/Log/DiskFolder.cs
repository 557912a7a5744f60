using System.Runtime.InteropServices;
using System.Text;

namespace SecureInference.Pipeline.Auditing.Log;

/// <summary>A folder on disk.</summary>
internal sealed partial class DiskFolder(string path) : LogFolder
{
    private const UnixFileMode OthersBits = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    public override string Name => path;

    /// <summary>Makes the folder where there is none.</summary>
    public static DiskFolder Make(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute);
        }

        return new DiskFolder(path);
    }

    public override IDisposable Lock(string name)
    {
        try
        {
            return new FileStream(PathOf(name), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception) when (File.Exists(PathOf(name)))
        {
            throw new IOException($"Another process writes to the audit log in '{path}'. Give each process a folder of its own.", exception);
        }
    }

    public override IReadOnlyList<string> Names() => [.. Directory.EnumerateFileSystemEntries(path).Select(static entry => Path.GetFileName(entry))];

    public override bool Exists(string name) => Path.Exists(PathOf(name));

    public override LogFile Create(string name)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new DiskFile(new FileStream(PathOf(name), options));
    }

    public override LogFile Open(string name, bool isWritable = false) => new DiskFile(new FileStream(PathOf(name), new FileStreamOptions
    {
        Mode = FileMode.Open,
        Access = isWritable ? FileAccess.ReadWrite : FileAccess.Read,
        Share = FileShare.ReadWrite | FileShare.Delete,
        BufferSize = 0,
    }));

    public override void Rename(string name, string newName) => File.Move(PathOf(name), PathOf(newName), overwrite: true);

    public override void Delete(string name) => File.Delete(PathOf(name));

    public override void MakeReadOnly(string name)
    {
        if (OperatingSystem.IsWindows())
        {
            File.SetAttributes(PathOf(name), FileAttributes.ReadOnly);
        }
        else
        {
            File.SetUnixFileMode(PathOf(name), UnixFileMode.UserRead | UnixFileMode.GroupRead);
        }
    }

    public override bool IsOpenToOthers(string name) => !OperatingSystem.IsWindows() && (File.GetUnixFileMode(PathOf(name)) & OthersBits) != 0;

    public override long BirthOf(string name) => FileBirth.Of(PathOf(name));

    public override void CreateFolder(string name) => Directory.CreateDirectory(PathOf(name));

    public override void Sync()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var descriptor = OpenFolder([.. Encoding.UTF8.GetBytes(path), 0], flags: 0);
        if (descriptor < 0)
        {
            throw Failed("opened");
        }

        try
        {
            if (SyncFile(descriptor) != 0)
            {
                throw Failed("synced");
            }
        }
        finally
        {
            _ = CloseFile(descriptor);
        }
    }

    private IOException Failed(string what) => new($"The folder '{path}' cannot be {what}: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}.");

    private string PathOf(string name) => Path.Combine(path, name);

    // The platform syncs no folders: without that, a power cut may take a new file's name, and with it the file.
    [LibraryImport("libc", EntryPoint = "open", SetLastError = true)]
    private static partial int OpenFolder(byte[] path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int SyncFile(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int CloseFile(int descriptor);
}
