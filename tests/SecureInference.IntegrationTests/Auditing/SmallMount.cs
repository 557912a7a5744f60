using System.Diagnostics;
using SecureInference.TestSupport;

namespace SecureInference.IntegrationTests.Auditing;

/// <summary>A small file system of its own, in memory, that goes away with its test.</summary>
internal sealed class SmallMount : IDisposable
{
    private readonly TestFolder _folder = new();

    private SmallMount()
    {
    }

    public string Path => _folder.Path;

    /// <summary>Mounts it; the test is skipped where this process may not.</summary>
    public static SmallMount Make(string size)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "Only a privileged process on Linux may mount a small disk.");
        var mount = new SmallMount();
        if (!mount.TryMount("size=" + size))
        {
            mount._folder.Dispose();
            Assert.Skip("This machine lets nobody mount a small disk, as containers do.");
        }

        return mount;
    }

    /// <summary>Mounts one more over it, which nobody may write; what is open below stays so.</summary>
    public void Cover() => Assert.True(TryMount("size=64k,ro"));

    public void Uncover() => Assert.True(Run("umount", Path));

    public void Dispose()
    {
        while (Run("umount", "--lazy", Path))
        {
        }

        _folder.Dispose();
    }

    private static bool Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0;
    }

    private bool TryMount(string options) => Run("mount", "-t", "tmpfs", "-o", options, "tmpfs", Path);
}
