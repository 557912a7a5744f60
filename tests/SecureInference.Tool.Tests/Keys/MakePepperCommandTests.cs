using SecureInference.Pipeline.Authentication.ApiKeys;

namespace SecureInference.Tool.Tests.Keys;

public sealed class MakePepperCommandTests
{
    [Fact]
    public async Task Pepper_MissingFile_MakesOneForItsOwnerAndPrintsNothingOfIt()
    {
        using var tool = new ToolFixture();

        var answer = await tool.RunAsync("keys", "pepper", "--file", tool.PepperFile);

        var content = await File.ReadAllTextAsync(tool.PepperFile, TestContext.Current.CancellationToken);
        Assert.Equal(0, answer.ExitCode);
        Assert.StartsWith("1:", content, StringComparison.Ordinal);
        Assert.DoesNotContain(content.Trim()[2..10], answer.Output, StringComparison.Ordinal);
        Assert.Equal(1, ApiKeyPeppers.ReadFile(tool.PepperFile).Newest);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(tool.PepperFile));
        }

        Assert.Equal([tool.PepperFile], Directory.GetFiles(tool.Folder));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    public async Task Pepper_FileThatIsThere_GetsTheNextVersionAndKeepsTheOthers(string ending)
    {
        using var tool = new ToolFixture();
        await tool.AddPepperAsync();
        var first = (await File.ReadAllTextAsync(tool.PepperFile, TestContext.Current.CancellationToken)).Trim();
        await File.WriteAllTextAsync(tool.PepperFile, first + ending, TestContext.Current.CancellationToken);

        var answer = await tool.RunAsync("keys", "pepper", "--file", tool.PepperFile, "--json");

        var lines = await File.ReadAllLinesAsync(tool.PepperFile, TestContext.Current.CancellationToken);
        Assert.Equal($$"""{"file":"{{tool.PepperFile}}","version":2}""" + "\n", answer.Output);
        Assert.Contains(first, lines);
        Assert.Equal(2, ApiKeyPeppers.ReadFile(tool.PepperFile).Newest);
    }

    [Theory]
    [InlineData("no-such-folder/pepper.txt", "does not exist. Make it")]
    [InlineData("", "cannot be used")]
    public async Task Pepper_FileThatCannotBe_Exits3(string path, string message)
    {
        using var tool = new ToolFixture();

        var answer = await tool.RunAsync("keys", "pepper", "--file", Path.Combine(tool.Folder, path));

        Assert.Equal(3, answer.ExitCode);
        Assert.Contains(message, answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pepper_FileThatIsSomethingElse_Exits3AndLeavesItAlone()
    {
        using var tool = new ToolFixture();
        await tool.AddPepperAsync();
        await File.WriteAllTextAsync(tool.PepperFile, "my notes", TestContext.Current.CancellationToken);

        var answer = await tool.RunAsync("keys", "pepper", "--file", tool.PepperFile);

        Assert.Equal(3, answer.ExitCode);
        Assert.DoesNotContain("my notes", answer.Error, StringComparison.Ordinal);
        Assert.Equal("my notes", await File.ReadAllTextAsync(tool.PepperFile, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData()]
    [InlineData("--file", "")]
    public async Task Pepper_NoFile_Exits2(params string[] arguments)
    {
        using var tool = new ToolFixture();

        Assert.Equal(2, (await tool.RunAsync(["keys", "pepper", .. arguments])).ExitCode);
    }
}
