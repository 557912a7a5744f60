using SecureInference.Pipeline.Authentication.ApiKeys;
using SecureInference.Tool.Keys;

namespace SecureInference.Tool.Tests.Keys;

public sealed class KeyStoreTests
{
    [Fact]
    public async Task Change_StoreThatAServerWouldRefuse_IsNotWritten()
    {
        using var tool = new ToolFixture();
        var row = new ApiKeyRow { Id = "a", Environment = "live", Owner = "o", Scopes = ["admin"], Created = ToolFixture.Start, Secrets = [new ApiKeySecret { Verifier = "short", Created = ToolFixture.Start }] };
        (ApiKeyFile.Empty with { Keys = [row] }).Write(tool.Store);
        var before = await File.ReadAllTextAsync(tool.Store, TestContext.Current.CancellationToken);
        var sut = new KeyStore(tool.Store, ApiKeyPeppers.None, tool.Time);

        var exception = await Assert.ThrowsAsync<FileTroubleException>(
            () => sut.ChangeAsync(static file => file, makeIfMissing: true, TestContext.Current.CancellationToken));

        Assert.Contains("row 'a'", exception.Message, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllTextAsync(tool.Store, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Change_StoreBehindALink_ChangesTheFileAndKeepsTheLink()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need rights on Windows.");
        using var tool = new ToolFixture();
        await tool.CreateKeyAsync();
        var link = Path.Combine(tool.Folder, "link.json");
        File.CreateSymbolicLink(link, tool.Store);

        await tool.RunAsync("keys", "create", "--store", link, "--owner", "second", "--scope", "admin");

        Assert.Equal(2, tool.ReadStore().Keys.Count);
        Assert.Equal(tool.Store, new FileInfo(link).LinkTarget);
    }

    [Fact]
    public async Task Change_StoreThatOthersMayRead_KeepsItSo()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Unix file modes");
        using var tool = new ToolFixture();
        await tool.CreateKeyAsync();
        const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;
#pragma warning disable CA1416 // Skipped on Windows.
        File.SetUnixFileMode(tool.Store, Mode);

        await tool.CreateKeyAsync();

        Assert.Equal(Mode, File.GetUnixFileMode(tool.Store));
#pragma warning restore CA1416
    }
}
