using System.Text.Json;
using SecureInference.Pipeline.Authentication.ApiKeys;

namespace SecureInference.Tool.Tests.Keys;

public sealed class ListKeysCommandTests
{
    [Fact]
    public async Task List_Json_HasExactlyTheseMembers()
    {
        using var tool = new ToolFixture();
        var id = ToolFixture.IdOf(await tool.CreateKeyAsync("--tier", "gold", "--expires", "1d"));
        await tool.RunAsync("keys", "revoke", id, "--store", tool.Store);

        var answer = await tool.RunAsync("keys", "list", "--store", tool.Store, "--json");

        Assert.Equal(
            $$"""
            [{"id":"{{id}}","owner":"checkout","scopes":["model:digits:infer"],"tier":"gold","environment":"live","created":"2026-10-02T12:30:15Z","expires":"2026-10-03T12:30:15Z","revoked":"2026-10-02T12:30:15Z","state":"revoked","networks":[],"priority":null,"suspended":null,"overlapEnds":null,"lastUse":null}]

            """,
            answer.Output);
        Assert.Equal(0, answer.ExitCode);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task List_KeysOfEveryState_NamesTheStates(bool isPlain)
    {
        using var tool = new ToolFixture();
        await tool.CreateKeyAsync("--expires", "never", "--test");
        await tool.CreateKeyAsync("--expires", "1h");
        await tool.DoAsync("revoke", ToolFixture.IdOf(await tool.CreateKeyAsync()));
        await tool.DoAsync("suspend", ToolFixture.IdOf(await tool.CreateKeyAsync()));
        await tool.DoAsync("rotate", ToolFixture.IdOf(await tool.CreateKeyAsync()));
        tool.Time.Advance(TimeSpan.FromHours(1));

        var answer = await tool.RunAsync(tool.Time, 80, isPlain, "keys", "list", "--store", tool.Store);

        Assert.Equal(
            ["active", "expired", "revoked", "suspended", "rotating"],
            answer.Lines
                .Where(static line => line.Contains("checkout", StringComparison.Ordinal))
                .Select(static line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^1]));
        Assert.Contains("never", answer.Output, StringComparison.Ordinal);
        Assert.All(answer.Lines, static line => Assert.InRange(line.Length, 0, 160));
        await AssertShowsSameStatesAsJsonAsync(tool);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task List_Networks_AreShown(bool isPlain)
    {
        using var tool = new ToolFixture();
        await tool.CreateKeyAsync("--network", "10.0.0.0/8", "--network", "2001:db8::/32");

        var answer = await tool.RunAsync(tool.Time, 80, isPlain, "keys", "list", "--store", tool.Store);

        Assert.Contains("10.0.0.0/8", answer.Output, StringComparison.Ordinal);
        Assert.Contains("2001:db8::/32", answer.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_LastUseOfSeveralServers_ShowsTheLatest()
    {
        using var tool = new ToolFixture();
        var used = ToolFixture.IdOf(await tool.CreateKeyAsync());
        var unused = ToolFixture.IdOf(await tool.CreateKeyAsync());
        var first = WriteLastUse(tool, "first.json", used, ToolFixture.Start.AddHours(-2));
        var second = WriteLastUse(tool, "second.json", used, ToolFixture.Start.AddHours(-5));

        var json = await tool.DoAsync("list", "--last-use", first, "--last-use", second, "--json");
        var plain = await tool.DoAsync("list", "--last-use", first);

        using var keys = JsonDocument.Parse(json.Output);
        Assert.Equal("2026-10-02T10:30:15Z", keys.RootElement[0].GetProperty("lastUse").GetString());
        Assert.Equal(JsonValueKind.Null, keys.RootElement[1].GetProperty("lastUse").ValueKind);
        Assert.Contains("2026-10-02T10:30:15Z  active", Assert.Single(plain.Lines, line => line.StartsWith(used, StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Contains(" -                     active", Assert.Single(plain.Lines, line => line.StartsWith(unused, StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("")]
    [InlineData("""{"version":2,"lastUse":{}}""")]
    [InlineData(null)]
    public async Task List_FileThatIsNoLastUse_Exits3(string? content)
    {
        using var tool = new ToolFixture();
        await tool.CreateKeyAsync();
        var file = Path.Combine(tool.Folder, "uses.json");
        if (content is not null)
        {
            await File.WriteAllTextAsync(file, content, TestContext.Current.CancellationToken);
        }

        var answer = await tool.RunAsync("keys", "list", "--store", tool.Store, "--last-use", file);

        Assert.Equal(3, answer.ExitCode);
        Assert.Contains("uses.json", answer.Error, StringComparison.Ordinal);
        Assert.Empty(answer.Output);
    }

    [Fact]
    public async Task List_OnACommonTerminal_KeepsIdsScopesAndStatesWhole()
    {
        using var tool = new ToolFixture();
        var id = ToolFixture.IdOf(await tool.CreateKeyAsync("--tier", "gold"));

        var answer = await tool.RunOnTerminalAsync(80, "keys", "list", "--store", tool.Store);

        Assert.Contains(answer.Lines, line => line.Contains(id, StringComparison.Ordinal) && line.Contains("active", StringComparison.Ordinal));
        Assert.Contains("model:digits:infer", answer.Output, StringComparison.Ordinal);
        Assert.All(answer.Lines, static line => Assert.InRange(line.Length, 0, 80));
    }

    [Theory]
    [InlineData("--json")]
    [InlineData()]
    public async Task List_AnyForm_HidesKeysAndVerifiers(params string[] more)
    {
        using var tool = new ToolFixture();
        var key = await tool.CreateKeyAsync();
        var verifier = tool.ReadStore().Keys[0].Secrets[0].Verifier;

        var plain = await tool.RunAsync(["keys", "list", "--store", tool.Store, .. more]);
        var onTerminal = await tool.RunOnTerminalAsync(400, ["keys", "list", "--store", tool.Store, .. more]);

        Assert.All([plain.Output, onTerminal.Output], output =>
        {
            Assert.Contains(ToolFixture.IdOf(key), output, StringComparison.Ordinal);
            Assert.DoesNotContain(key.Split('_')[3], output, StringComparison.Ordinal);
            Assert.DoesNotContain(verifier[..8], output, StringComparison.Ordinal);
            Assert.DoesNotContain("verifier", output, StringComparison.OrdinalIgnoreCase);
        });
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task List_HostileStore_ShowsTextAndObeysNothing(bool isPlain)
    {
        using var tool = new ToolFixture();
        const string Hostile = "[red]\e[2J\nroot[/]";
        var row = new ApiKeyRow { Id = "\e[31m", Environment = "\a", Owner = Hostile, Scopes = ["\e[32m[/]"], Tier = "\r", Created = ToolFixture.Start, Secrets = [] };
        (ApiKeyFile.Empty with { Keys = [row] }).Write(tool.Store);

        var answer = await tool.RunAsync(tool.Time, 120, isPlain, "keys", "list", "--store", tool.Store);

        Assert.Equal(0, answer.ExitCode);
        Assert.Contains("[red]\uFFFD[2J\uFFFDroot[/]", answer.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(answer.Output, static character => char.IsControl(character) && character != '\n');
    }

    [Fact]
    public async Task List_EmptyStore_SaysSo()
    {
        using var tool = new ToolFixture();
        ApiKeyFile.Empty.Write(tool.Store);

        var answer = await tool.RunAsync("keys", "list", "--store", tool.Store);
        var json = await tool.RunAsync("keys", "list", "--store", tool.Store, "--json");

        Assert.Equal(0, answer.ExitCode);
        Assert.Contains("has no keys", answer.Output, StringComparison.Ordinal);
        Assert.Equal("[]\n", json.Output);
    }

    [Theory]
    [InlineData("""{"version":3,"generation":1,"keys":[]}""", "has version 3")]
    [InlineData("", "is not valid")]
    [InlineData("no json", "is not valid")]
    [InlineData("null", "is not valid")]
    [InlineData("""{"version":2,"generation":1,"keys":null}""", "is not valid")]
    [InlineData("""{"version":2,"generation":1,"keys":[null]}""", "is not valid")]
    [InlineData("""{"version":2,"generation":1,"keys":[],"extra":1}""", "is not valid")]
    [InlineData("""{"version":2,"generation":1,"keys":[{"id":"a","environment":"live","owner":null,"scopes":[],"created":"2026-01-01T00:00:00Z"}]}""", "is not valid")]
    [InlineData("""{"version":2,"generation":1,"keys":[{"id":"a","environment":"live","owner":"o","scopes":[null],"created":"2026-01-01T00:00:00Z"}]}""", "is not valid")]
    public async Task AnyCommand_FileThatIsNoStore_Exits3AndLeavesItAlone(string content, string message)
    {
        using var tool = new ToolFixture();
        await File.WriteAllTextAsync(tool.Store, content, TestContext.Current.CancellationToken);

        ToolAnswer[] answers =
        [
            await tool.RunAsync("keys", "list", "--store", tool.Store),
            await tool.RunAsync("keys", "create", "--store", tool.Store, "--owner", "a", "--scope", "admin", "--json"),
            await tool.RunAsync("keys", "revoke", "a", "--store", tool.Store),
        ];

        Assert.All(answers, answer =>
        {
            Assert.Equal(3, answer.ExitCode);
            Assert.Contains(message, answer.Error, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", answer.Error, StringComparison.Ordinal);
            Assert.Empty(answer.Output);
        });
        Assert.Equal(content, await File.ReadAllTextAsync(tool.Store, TestContext.Current.CancellationToken));
        Assert.Equal([tool.Store], Directory.GetFiles(tool.Folder));
    }

    [Fact]
    public async Task List_MissingStore_Exits3AndSaysHowToMakeOne()
    {
        using var tool = new ToolFixture();

        var answer = await tool.RunAsync("keys", "list", "--store", tool.Store);

        Assert.Equal(3, answer.ExitCode);
        Assert.Equal($"The key store '{tool.Store}' does not exist. Check --store; 'secure-inference keys create' makes a store.\n", answer.Error);
    }

    [Fact]
    public async Task List_StoreThatMayNotBeRead_Exits3()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() || Environment.UserName == "root", "needs a file that its owner may not read");
        using var tool = new ToolFixture();
        await tool.CreateKeyAsync();
#pragma warning disable CA1416 // Skipped on Windows.
        File.SetUnixFileMode(tool.Store, UnixFileMode.None);
#pragma warning restore CA1416

        var answer = await tool.RunAsync("keys", "list", "--store", tool.Store);

        Assert.Equal(3, answer.ExitCode);
        Assert.Contains("that you may read and write the file", answer.Error, StringComparison.Ordinal);
    }

    private static async Task AssertShowsSameStatesAsJsonAsync(ToolFixture tool)
    {
        using var keys = JsonDocument.Parse((await tool.DoAsync("list", "--json")).Output);
        Assert.Equal(
            ["active", "expired", "revoked", "suspended", "rotating"],
            keys.RootElement.EnumerateArray().Select(static key => key.GetProperty("state").GetString()));
    }

    private static string WriteLastUse(ToolFixture tool, string name, string id, DateTimeOffset hour)
    {
        var path = Path.Combine(tool.Folder, name);
        new ApiKeyLastUseFile { Version = 1, LastUse = new Dictionary<string, DateTimeOffset> { [id] = hour } }.Write(path);
        return path;
    }
}
