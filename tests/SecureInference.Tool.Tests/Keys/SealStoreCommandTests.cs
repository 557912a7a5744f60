using SecureInference.Pipeline.Authentication.ApiKeys;

namespace SecureInference.Tool.Tests.Keys;

public sealed class SealStoreCommandTests
{
    private static readonly string[][] Changes =
    [
        ["create", "--owner", "a", "--scope", "admin"], ["revoke", "ID"], ["revoke", "--before", "now"], ["rotate", "ID"], ["expire", "ID", "--at", "now"],
        ["suspend", "ID"], ["resume", "ID"],
    ];

    private static readonly string[][] Readings = [["list"], ["show", "ID"]];

    [Fact]
    public async Task Seal_StoreWithoutASeal_IsSealedAndItsKeysWork()
    {
        using var tool = new ToolFixture();
        var key = await tool.CreateKeyAsync();
        await tool.AddPepperAsync();

        var answer = await tool.DoAsync("seal", "--pepper-file", tool.PepperFile, "--json");

        Assert.Equal("""{"pepper":1,"wasSealedBefore":false,"keys":1,"stillNeeded":[]}""" + "\n", answer.Output);
        Assert.Null(tool.Refusal(key));
        Assert.Equal(2, tool.ReadStore().Generation);
    }

    [Fact]
    public async Task Seal_NewVersionOfThePepper_SealsWithItAndNamesTheOldOneThatIsNeeded()
    {
        using var tool = new ToolFixture();
        await tool.AddPepperAsync();
        var key = await tool.CreateKeyAsync("--pepper-file", tool.PepperFile);
        await tool.AddPepperAsync();

        var answer = await tool.DoAsync("seal", "--pepper-file", tool.PepperFile, "--json");
        var again = await tool.DoAsync("seal", "--pepper-file", tool.PepperFile);

        Assert.Equal("""{"pepper":2,"wasSealedBefore":false,"keys":1,"stillNeeded":[1]}""" + "\n", answer.Output);
        Assert.Contains("was already sealed with version 2", again.Output, StringComparison.Ordinal);
        Assert.Equal((2, 2), (tool.ReadStore().Pepper, tool.ReadStore().Generation));
        Assert.Null(tool.Refusal(key));
    }

    [Fact]
    public async Task Seal_OldVersionNoLongerNeeded_CanBeRemovedFromTheFile()
    {
        using var tool = new ToolFixture();
        await tool.AddPepperAsync();
        var rotated = await tool.CreateKeyAsync("--pepper-file", tool.PepperFile);
        var revoked = await tool.CreateKeyAsync("--pepper-file", tool.PepperFile);
        await tool.AddPepperAsync();
        await tool.DoAsync("revoke", revoked, "--pepper-file", tool.PepperFile);
        await tool.DoAsync("rotate", rotated, "--overlap", "0h", "--pepper-file", tool.PepperFile);
        tool.Time.Advance(TimeSpan.FromSeconds(1));
        await tool.DoAsync("rotate", rotated, "--overlap", "0h", "--pepper-file", tool.PepperFile);
        var lines = await File.ReadAllLinesAsync(tool.PepperFile, TestContext.Current.CancellationToken);

        await File.WriteAllLinesAsync(tool.PepperFile, lines.Where(static line => line.StartsWith("2:", StringComparison.Ordinal)), TestContext.Current.CancellationToken);

        await tool.DoAsync("list", "--pepper-file", tool.PepperFile);
        Assert.Equal("key_unknown", tool.Refusal(revoked));
    }

    [Fact]
    public async Task Seal_WithoutAPepper_Exits2()
    {
        using var tool = new ToolFixture();
        await tool.CreateKeyAsync();

        var answer = await tool.RunAsync("keys", "seal", "--store", tool.Store);

        Assert.Equal(2, answer.ExitCode);
        Assert.Contains("secure-inference keys pepper", answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnyChangeOrReading_SealedStoreWithoutThePepper_Exits1AndSaysWhatIsMissing()
    {
        using var tool = new ToolFixture();
        await tool.AddPepperAsync();
        var id = ToolFixture.IdOf(await tool.CreateKeyAsync("--pepper-file", tool.PepperFile));

        await AssertRefusedAsync(tool, id, "is sealed with a pepper. Name its file with --pepper-file");
    }

    [Fact]
    public async Task AnyChangeOrReading_UnsealedStoreWithAPepper_Exits1AndNamesSeal()
    {
        using var tool = new ToolFixture();
        var id = ToolFixture.IdOf(await tool.CreateKeyAsync());
        tool.Pepper = ApiKeyPeppers.Create(1);

        await AssertRefusedAsync(tool, id, "seal it with 'secure-inference keys seal'");
    }

    [Fact]
    public async Task AnyCommand_StoreThatWasChangedByHand_Exits1AndIsNotSealedAgain()
    {
        using var tool = new ToolFixture();
        tool.Pepper = ApiKeyPeppers.Create(1);
        var id = ToolFixture.IdOf(await tool.CreateKeyAsync());
        var file = tool.ReadStore();
        (file with { Keys = [file.Keys[0] with { Scopes = ["admin"] }] }).Write(tool.Store);

        await AssertRefusedAsync(tool, id, "seal does not fit");
        var answer = await tool.RunAsync("keys", "seal", "--store", tool.Store);

        Assert.Equal(1, answer.ExitCode);
        Assert.Contains("seal does not fit", answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Seal_StoreWhoseSealWasTakenAway_Exits1()
    {
        using var tool = new ToolFixture();
        tool.Pepper = ApiKeyPeppers.Create(1);
        await tool.CreateKeyAsync();
        (tool.ReadStore() with { Seal = null, Pepper = null }).Write(tool.Store);

        var answer = await tool.RunAsync("keys", "seal", "--store", tool.Store);

        Assert.Equal(1, answer.ExitCode);
        Assert.Contains("its seal was taken away", answer.Error, StringComparison.Ordinal);
        Assert.Null(tool.ReadStore().Seal);
    }

    [Fact]
    public async Task AnyCommand_PepperGivenTwice_Exits2()
    {
        using var tool = new ToolFixture();
        await tool.AddPepperAsync();
        tool.Pepper = ApiKeyPeppers.Create(1);

        var answer = await tool.RunAsync("keys", "list", "--store", tool.Store, "--pepper-file", tool.PepperFile);

        Assert.Equal(2, answer.ExitCode);
        Assert.Contains("given twice", answer.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "does not exist")]
    [InlineData("", "is empty")]
    [InlineData("1:c2hvcnQ=", "is malformed")]
    public async Task AnyCommand_PepperFileThatIsNone_Exits3AndRepeatsNothingOfIt(string? content, string message)
    {
        using var tool = new ToolFixture();
        await tool.CreateKeyAsync();
        if (content is not null)
        {
            await tool.AddPepperAsync();
            await File.WriteAllTextAsync(tool.PepperFile, content, TestContext.Current.CancellationToken);
        }

        var answer = await tool.RunAsync("keys", "list", "--store", tool.Store, "--pepper-file", tool.PepperFile);

        Assert.Equal(3, answer.ExitCode);
        Assert.Contains(message, answer.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("c2hvcnQ", answer.Error, StringComparison.Ordinal);
    }

    private static async Task AssertRefusedAsync(ToolFixture tool, string id, string message)
    {
        var before = await File.ReadAllTextAsync(tool.Store, TestContext.Current.CancellationToken);
        foreach (var command in Changes.Concat(Readings))
        {
            var answer = await tool.RunAsync(["keys", .. command.Select(word => word == "ID" ? id : word), "--store", tool.Store, "--json"]);

            Assert.True(answer.ExitCode == 1, $"{command[0]} exited {answer.ExitCode}: {answer.Error}");
            Assert.Contains(message, answer.Error, StringComparison.Ordinal);
            Assert.Empty(answer.Output);
        }

        Assert.Equal(before, await File.ReadAllTextAsync(tool.Store, TestContext.Current.CancellationToken));
    }
}
