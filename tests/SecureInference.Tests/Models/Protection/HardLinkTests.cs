using System.Diagnostics;
using System.Runtime.Versioning;

namespace SecureInference.Tests.Models.Protection;

/// <summary>Files that have another name elsewhere: copies of a deployment are fine, and what belongs to somebody else is not.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class HardLinkTests : IDisposable
{
    private readonly Door _door = new();

    public HardLinkTests()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Names and owners are known on Linux.");
        _door.Write("model.onnx", "content");
        File.Move(_door.Options.Path, Elsewhere);
    }

    private string Elsewhere => _door.KeyFile + ".elsewhere";

    public void Dispose() => _door.Dispose();

    [Fact]
    public async Task Model_LinkedByADeployment_IsRead()
    {
        await RunAsync("ln", Elsewhere, _door.Options.Path);

        using var content = await _door.ReadAsync();

        Assert.Equal("content", Door.Text(content.Model));
    }

    [Fact]
    public async Task Model_LinkedToAFileOfSomebodyElse_IsRefusedAndAWarningWhereSaid()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "To give a file to another user takes root.");
        await RunAsync("chown", "12345", Elsewhere);
        await RunAsync("ln", Elsewhere, _door.Options.Path);

        await _door.RefusedAsync("has another name elsewhere (a hard link), and belongs to another user (number 12345)", "Copy the file itself there", "FileModes");

        _door.Options.FileModes = FileModeCheck.Warn;
        using var content = await _door.ReadAsync();
        Assert.Contains(_door.Log.Entries, static entry => entry.EventId == 1353 && entry.Message.Contains("hard link", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Model_OfAnotherUserWithOneName_IsRead()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "To give a file to another user takes root.");
        File.Move(Elsewhere, _door.Options.Path);
        await RunAsync("chown", "12345", _door.Options.Path);

        using var content = await _door.ReadAsync();

        Assert.Equal("content", Door.Text(content.Model));
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var run = Process.Start(program, arguments);
        await run.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, run.ExitCode);
    }
}
