using System.Diagnostics;
using System.Runtime.Versioning;
using Microsoft.Extensions.Logging;
using SecureInference.Models.Protection.Signing;

namespace SecureInference.Tests.Models.Protection;

/// <summary>Files that are not used, whatever they hold.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class FileDoorTests : IDisposable
{
    private const UnixFileMode Plain = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private readonly Door _door = new();

    public FileDoorTests()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has other rights than modes.");
        _door.Write("model.onnx", "content");
    }

    public void Dispose() => _door.Dispose();

    [Theory]
    [InlineData(UnixFileMode.GroupWrite)]
    [InlineData(UnixFileMode.OtherWrite)]
    public async Task Model_ThatOthersMayChange_IsRefusedWithTheRemedy(UnixFileMode more)
    {
        File.SetUnixFileMode(_door.Options.Path, Plain | more);

        await _door.RefusedAsync(":Path: the file", $"chmod go-w {_door.Options.Path}", "FileModes");
    }

    [Theory]
    [InlineData("Development", null, true)]
    [InlineData("Development", FileModeCheck.Enforce, false)]
    [InlineData("Production", FileModeCheck.Warn, true)]
    [InlineData("Production", null, false)]
    public async Task Model_ThatOthersMayChange_IsAWarningInDevelopmentAndWhereSaid(string environment, FileModeCheck? check, bool isRead)
    {
        File.SetUnixFileMode(_door.Options.Path, Plain | UnixFileMode.GroupWrite);
        (_door.Environment, _door.Options.FileModes) = (environment, check);

        if (!isRead)
        {
            await _door.RefusedAsync("may be changed by its group or by others");
            return;
        }

        using var content = await _door.ReadAsync();
        Assert.Contains(_door.Log.Entries, static entry => entry.EventId == 1353 && entry.Level == LogLevel.Warning && entry.Message.Contains("chmod go-w", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Signature_ThatOthersMayChange_IsRefused()
    {
        await _door.Trust().SignAsync();
        File.SetUnixFileMode(_door.File("model.onnx.sig"), Plain | UnixFileMode.OtherWrite);

        await _door.RefusedAsync("model.onnx.sig", "chmod go-w");
    }

    [Fact]
    public async Task Key_ThatOthersMayChange_IsRefused()
    {
        await _door.Trust().SignAsync();
        File.SetUnixFileMode(_door.KeyFile, Plain | UnixFileMode.GroupWrite);

        await _door.RefusedAsync("TrustedKeys", $"chmod go-w {_door.KeyFile}");
    }

    [Fact]
    public async Task Link_OutOfTheFolder_IsRefused()
    {
        Directory.Move(_door.Folder, _door.Folder + "2");
        Directory.CreateDirectory(_door.Folder);
        File.CreateSymbolicLink(_door.Options.Path, _door.Folder + "2/model.onnx");

        await _door.RefusedAsync("outside the model's folder", "Put the file itself there");
    }

    [Fact]
    public async Task Link_InACircle_IsRefused()
    {
        File.Delete(_door.Options.Path);
        File.CreateSymbolicLink(_door.Options.Path, _door.Options.Path);

        await _door.RefusedAsync("circle");
    }

    [Fact]
    public async Task Links_AsKubernetesMakesThem_AreFollowed()
    {
        await MountAsync("1", "content");

        using var content = await _door.Trust().ReadAsync();

        Assert.Equal("content", Door.Text(content.Model));
    }

    [Fact]
    public async Task Signature_LinkedOutOfTheFolder_IsRefused()
    {
        await _door.Trust().SignAsync();
        File.Move(_door.File("model.onnx.sig"), _door.KeyFile + ".sig");
        File.CreateSymbolicLink(_door.File("model.onnx.sig"), _door.KeyFile + ".sig");

        await _door.RefusedAsync("outside the model's folder");
    }

    [Fact]
    public async Task SignedFile_ThatBecameALinkOut_IsRefused()
    {
        _door.Write("weights", "weights");
        await _door.Trust().SignAsync("model.sig");
        File.Move(_door.File("weights"), _door.KeyFile + ".weights");
        File.CreateSymbolicLink(_door.File("weights"), _door.KeyFile + ".weights");

        await _door.RefusedAsync("outside the model's folder");
    }

    [Fact]
    public async Task Pipe_IsRefusedWithoutWaitingForAWriter()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Pipes are told from files on Linux.");
        File.Delete(_door.Options.Path);
        using var made = Process.Start("mkfifo", _door.Options.Path);
        await made.WaitForExitAsync(TestContext.Current.CancellationToken);

        await _door.RefusedAsync("no plain file");
    }

    [Fact]
    public async Task Folder_InPlaceOfTheFile_IsRefused()
    {
        File.Delete(_door.Options.Path);
        Directory.CreateDirectory(_door.Options.Path);

        await _door.RefusedAsync("is a folder");
    }

    [Fact]
    public async Task Model_SwappedAllTheTime_IsReadAsSignedOrRefused()
    {
        var (one, other) = (new string('a', 100_000), new string('b', 100_000));
        _door.Write("model.onnx", one);
        await _door.Trust().SignAsync();
        using var stop = new CancellationTokenSource();
        var swapping = Task.Run(
            () =>
            {
                for (var round = 0; !stop.IsCancellationRequested; round++)
                {
                    _door.Write("next", round % 2 == 0 ? other : one);
                    File.Move(_door.File("next"), _door.Options.Path, overwrite: true);
                    File.WriteAllText(_door.Options.Path, (round % 2 == 0 ? other : one)[..(round % 7 * 10_000)]);
                }
            },
            CancellationToken.None);

        for (var load = 0; load < 200; load++)
        {
            try
            {
                using var content = await _door.ReadAsync();
                Assert.Equal(one, Door.Text(content.Model));
            }
            catch (ModelLoadException)
            {
            }
        }

        await stop.CancelAsync();
        await swapping;
    }

    [Fact]
    public async Task Encryption_AskedFor_IsRefusedWithout()
    {
        _door.Options.RequireEncryption = true;

        await _door.RefusedAsync("is not encrypted", "model encrypt");
    }

    [Fact]
    public async Task Encrypted_IsDecryptedFirst_AndSignedByItsClearName()
    {
        _door.Write("weights", "weights");
        await _door.Trust().SignAsync("model.sig");
        await _door.SignAsync("model.onnx.sig");
        File.Delete(_door.File("model.sig"));
        File.Delete(_door.Options.Path);
        _door.Write("model.onnx.age", "SECRET:content");
        _door.Options.Path = _door.File("model.onnx.age");
        (_door.Options.RequireEncryption, _door.Decryption) = (true, new FakeDecryption());

        using var content = await _door.ReadAsync();

        Assert.Equal(("content", true), (Door.Text(content.Model), content.Protection.IsEncrypted));
    }

    [Fact]
    public async Task Encrypted_ClearTextIsAnother_IsRefusedAndWiped()
    {
        await _door.Trust().SignAsync();
        var decryption = new FakeDecryption();
        _door.Write("model.onnx", "SECRET:Content").Decryption = decryption;

        await _door.RefusedAsync("is not the one that was signed");
        Assert.All(decryption.Last, static value => Assert.Equal(0, value));
    }

    private async Task MountAsync(string generation, string text)
    {
        var folder = _door.File($"..{generation}");
        _door.Write($"..{generation}/model.onnx", text);
        await _door.Publisher.SignModelAsync(Path.Combine(folder, "model.onnx"), Path.Combine(folder, "model.onnx.sig"));
        foreach (var name in new[] { "model.onnx", "model.onnx.sig" })
        {
            File.Delete(_door.File(name));
            File.CreateSymbolicLink(_door.File(name), $"..data/{name}");
        }

        Directory.CreateSymbolicLink(_door.File("..data"), $"..{generation}");
    }
}
