using System.Text.Json;

namespace SecureInference.Tool.Tests.Keys;

public sealed class CreateKeyCommandTests
{
    [Fact]
    public async Task Create_MissingStore_MakesAStoreWhoseKeyTheServerAccepts()
    {
        using var tool = new ToolFixture();

        var key = await tool.CreateKeyAsync("--scope", "model:fraud:read", "--tier", "gold");

        Assert.Null(tool.Refusal(key, out var caller));
        Assert.Equal("checkout", caller!.Subject);
        Assert.Equal("gold", caller.Tier);
        Assert.Equal(["model:digits:infer", "model:fraud:read"], caller.Scopes.Scopes);
    }

    [Fact]
    public async Task Create_WithoutExpires_LastsNinetyDays()
    {
        using var tool = new ToolFixture();
        var key = await tool.CreateKeyAsync();

        tool.Time.Advance(TimeSpan.FromDays(90) - TimeSpan.FromSeconds(1));
        var before = tool.Refusal(key, out _);
        tool.Time.Advance(TimeSpan.FromSeconds(1));
        var after = tool.Refusal(key, out _);

        Assert.Null(before);
        Assert.Equal("key_expired", after);
    }

    [Fact]
    public async Task Create_NetworksAndPriority_AreTheCallers()
    {
        using var tool = new ToolFixture();

        var key = await tool.CreateKeyAsync("--network", "10.0.0.0/8", "--network", "2001:db8::/32", "--network", "10.0.0.0/8", "--priority", "2");

        Assert.Null(tool.Refusal(key, out var caller));
        Assert.Equal(["10.0.0.0/8", "2001:db8::/32"], caller!.Networks.Select(static network => network.ToString()));
        Assert.Equal(2, caller.HighestPriority);
    }

    [Fact]
    public async Task Create_Person_IsShownALineThatWorksWhenItIsPasted()
    {
        using var tool = new ToolFixture();

        var answer = await tool.RunAsync("keys", "create", "--store", tool.Store, "--owner", "checkout", "--scope", "admin");

        var line = Assert.Single(answer.Lines, static line => line.Contains("curl", StringComparison.Ordinal));
        Assert.Equal("  read -rs KEY && curl -H \"x-api-key: $KEY\" http://localhost:5000/v2", line);
    }

    [Fact]
    public async Task Create_RightAfterAllWereRevoked_Works()
    {
        using var tool = new ToolFixture();
        var old = await tool.CreateKeyAsync();
        await tool.DoAsync("revoke", "--before", "now");

        var key = await tool.CreateKeyAsync();

        Assert.Equal("key_revoked", tool.Refusal(old));
        Assert.Null(tool.Refusal(key));
    }

    [Fact]
    public async Task Create_TestKey_IsRefusedInProductionOnly()
    {
        using var tool = new ToolFixture();

        var key = await tool.CreateKeyAsync("--test");

        Assert.Equal("key_for_test_only", tool.Refusal(key, out _));
        Assert.Null(tool.Refusal(key, out _, isProduction: false));
    }

    [Fact]
    public async Task Create_Json_HasExactlyTheseMembers()
    {
        using var tool = new ToolFixture();

        var answer = await tool.RunAsync(
            "keys", "create", "--store", tool.Store, "--owner", "checkout", "--scope", "model:digits:infer", "--tier", "gold", "--expires", "12h", "--json");

        var row = Assert.Single(tool.ReadStore().Keys);
        using var json = JsonDocument.Parse(answer.Output);
        var key = json.RootElement.GetProperty("key").GetString();
        Assert.Equal(
            $$"""
            {"id":"{{row.Id}}","key":"{{key}}","owner":"checkout","scopes":["model:digits:infer"],"tier":"gold","environment":"live","created":"2026-10-02T12:30:15Z","expires":"2026-10-03T00:30:15Z","networks":[],"priority":null,"overlapEnds":null}

            """,
            answer.Output);
        Assert.Null(tool.Refusal(key!, out _));
        Assert.Equal(0, answer.ExitCode);
        Assert.Empty(answer.Error);
    }

    [Fact]
    public async Task Create_JsonThatNeverExpires_SaysNull()
    {
        using var tool = new ToolFixture();

        var answer = await tool.RunAsync("keys", "create", "--store", tool.Store, "--owner", "a", "--scope", "admin", "--expires", "never", "--json");

        using var json = JsonDocument.Parse(answer.Output);
        Assert.Equal(JsonValueKind.Null, json.RootElement.GetProperty("expires").ValueKind);
        Assert.Equal(JsonValueKind.Null, json.RootElement.GetProperty("tier").ValueKind);
    }

    [Theory]
    [InlineData(10, false)]
    [InlineData(40, false)]
    [InlineData(80, false)]
    [InlineData(10, true)]
    public async Task Create_AtAnyWidth_PrintsTheKeyOnceOnALineOfItsOwn(int width, bool isPlain)
    {
        using var tool = new ToolFixture();

        var answer = await tool.RunAsync(tool.Time, width, isPlain, "keys", "create", "--store", tool.Store, "--owner", "checkout", "--scope", "admin");

        var key = Assert.Single(answer.Lines, static line => line.StartsWith("si_live_", StringComparison.Ordinal));
        Assert.Null(tool.Refusal(key, out _));
        Assert.Equal(2, answer.Output.Split(key).Length);
    }

    [Fact]
    public async Task Create_RedirectedOutput_HasNoBoxAndNoColour()
    {
        using var tool = new ToolFixture();

        var answer = await tool.RunAsync("keys", "create", "--store", tool.Store, "--owner", "checkout", "--scope", "admin", "--test");

        Assert.All(answer.Output, static character => Assert.True(character is '\n' or (>= ' ' and <= '~'), $"'{character}'"));
        Assert.Contains("servers in Production refuse it", answer.Output, StringComparison.Ordinal);
        Assert.Contains("x-api-key: ", answer.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Create_OwnerWithMarkup_ShowsItAsText()
    {
        using var tool = new ToolFixture();

        var answer = await tool.RunOnTerminalAsync(80, "keys", "create", "--store", tool.Store, "--owner", "[red]x[/]", "--scope", "admin");

        Assert.Equal(0, answer.ExitCode);
        Assert.Contains("[red]x[/]", answer.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Create_SameScopeTwice_GrantsItOnce()
    {
        using var tool = new ToolFixture();

        await tool.CreateKeyAsync("--scope", "model:digits:infer");

        Assert.Equal(["model:digits:infer"], Assert.Single(tool.ReadStore().Keys).Scopes);
    }

    [Theory]
    [InlineData("--scope", "model:digits", "'model:digits' is not a scope.")]
    [InlineData("--expires", "soon", "'soon' is not an expiry.")]
    [InlineData("--expires", "2026-10-02", "'2026-10-02' is not in the future")]
    [InlineData("--tier", "gold tier", "'gold tier' is not a tier.")]
    [InlineData("--owner", "", "expects a single argument")]
    [InlineData("--network", "10.0.0.1", "'10.0.0.1' is no network.")]
    [InlineData("--network", "10.0.0.1/8", "'10.0.0.1/8' is no network.")]
    [InlineData("--network", "::ffff:10.0.0.0/104", "is no network.")]
    [InlineData("--network", "", "'' is no network.")]
    [InlineData("--network", "010.0.0.0/8", "'010.0.0.0/8' is no network. Write its first address")]
    [InlineData("--priority", "0", "'0' is not a priority.")]
    [InlineData("--priority", "high", "'high' is not a priority.")]
    [InlineData("--priority", "99999999999", "'99999999999' is not a priority.")]
    [InlineData("--nework", "10.0.0.0/8", "Unrecognized")]
    public async Task Create_WrongValue_Exits2AndMakesNoStore(string option, string value, string message)
    {
        using var tool = new ToolFixture();

        var answer = await tool.RunAsync("keys", "create", "--store", tool.Store, "--owner", "checkout", "--scope", "admin", option, value);

        Assert.Equal(2, answer.ExitCode);
        Assert.Contains(message, answer.Error, StringComparison.Ordinal);
        Assert.Empty(answer.Output);
        Assert.Empty(Directory.EnumerateFileSystemEntries(tool.Folder));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\e[31mred")]
    public async Task Create_HostileOwner_Exits2AndShowsNoControlCharacter(string owner)
    {
        using var tool = new ToolFixture();

        var answer = await tool.RunAsync("keys", "create", "--store", tool.Store, "--owner", owner, "--scope", "admin");

        Assert.Equal(2, answer.ExitCode);
        Assert.Contains("The owner", answer.Error, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', answer.Error);
    }

    [Theory]
    [InlineData("no-such-folder/keys.json", "does not exist. Make it")]
    [InlineData("", "is a folder, not a key store")]
    public async Task Create_StoreThatCannotBe_Exits3(string path, string message)
    {
        using var tool = new ToolFixture();

        var answer = await tool.RunAsync("keys", "create", "--store", Path.Combine(tool.Folder, path), "--owner", "a", "--scope", "admin");

        Assert.Equal(3, answer.ExitCode);
        Assert.Contains(message, answer.Error, StringComparison.Ordinal);
        Assert.Empty(answer.Output);
    }

    [Fact]
    public async Task Create_NewStore_IsReadableByItsOwnerOnly()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Unix file modes");
        using var tool = new ToolFixture();

        await tool.CreateKeyAsync();

#pragma warning disable CA1416 // Skipped on Windows.
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(tool.Store));
#pragma warning restore CA1416
        Assert.Equal([tool.Store], Directory.GetFiles(tool.Folder));
    }
}
