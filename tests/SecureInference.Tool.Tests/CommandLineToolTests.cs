namespace SecureInference.Tool.Tests;

public sealed class CommandLineToolTests
{
    [Theory]
    [InlineData()]
    [InlineData("keys")]
    [InlineData("keys", "frobnicate")]
    [InlineData("keys", "list")]
    [InlineData("keys", "list", "--store", "keys.json", "--colour")]
    [InlineData("keys", "revoke", "--store", "keys.json")]
    [InlineData("audit")]
    [InlineData("audit", "verify", "audit")]
    [InlineData("audit", "show", "audit", "--colour")]
    [InlineData("audit", "prove", "audit", "--public-key", "audit.pem", "--output", "proof")]
    public async Task Run_WrongUsage_Exits2AndPointsToTheHelp(params string[] arguments)
    {
        using var tool = new ToolFixture();

        var answer = await tool.RunAsync(arguments);

        Assert.Equal(2, answer.ExitCode);
        Assert.Contains("--help' shows how it is used.", answer.Error, StringComparison.Ordinal);
        Assert.Empty(answer.Output);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("--version")]
    [InlineData("keys", "--help")]
    [InlineData("keys", "create", "--help")]
    [InlineData("audit", "--help")]
    [InlineData("audit", "verify", "--help")]
    public async Task Run_HelpOrVersion_Exits0OnTheOutput(params string[] arguments)
    {
        using var tool = new ToolFixture();

        var answer = await tool.RunAsync(arguments);

        Assert.Equal(0, answer.ExitCode);
        Assert.NotEmpty(answer.Output);
        Assert.Empty(answer.Error);
    }

    [Fact]
    public async Task Help_OfCreate_ShowsAnExampleUnderTheInstalledName()
    {
        using var tool = new ToolFixture();

        var answer = await tool.RunAsync("keys", "create", "--help");

        Assert.Contains("secure-inference keys create --store keys.json", answer.Output, StringComparison.Ordinal);
        Assert.Contains("[default: 90d]", answer.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Error_WithAnEscapeSequenceFromTheCommandLine_ShowsItAsText()
    {
        using var tool = new ToolFixture();

        var answer = await tool.RunAsync("keys", "list", "--store", Path.Combine(tool.Folder, "\e[2Jgone.json"));

        Assert.Equal(3, answer.ExitCode);
        Assert.Contains("\uFFFD[2Jgone.json", answer.Error, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', answer.Error);
    }

    [Fact]
    public async Task Run_OwnerThatBeginsWithAt_IsNoResponseFile()
    {
        using var tool = new ToolFixture();

        var answer = await tool.RunAsync("keys", "create", "--store", tool.Store, "--owner", "@team", "--scope", "admin");

        Assert.Equal(0, answer.ExitCode);
        Assert.Equal("@team", Assert.Single(tool.ReadStore().Keys).Owner);
    }
}
