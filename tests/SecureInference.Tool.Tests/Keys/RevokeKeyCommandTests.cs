namespace SecureInference.Tool.Tests.Keys;

public sealed class RevokeKeyCommandTests
{
    [Fact]
    public async Task Revoke_ActiveKey_EndsThatKeyOnly()
    {
        using var tool = new ToolFixture();
        var key = await tool.CreateKeyAsync();
        var other = await tool.CreateKeyAsync();

        var answer = await tool.RunAsync("keys", "revoke", ToolFixture.IdOf(key), "--store", tool.Store);

        Assert.Equal(0, answer.ExitCode);
        Assert.Equal("key_revoked", tool.Refusal(key, out _));
        Assert.Null(tool.Refusal(other, out _));
        Assert.Equal(3, tool.ReadStore().Generation);
    }

    [Fact]
    public async Task Revoke_TheKeyItself_EndsItAndDoesNotRepeatIt()
    {
        using var tool = new ToolFixture();
        var key = await tool.CreateKeyAsync();

        var answer = await tool.RunAsync("keys", "revoke", key, "--store", tool.Store);

        Assert.Equal(0, answer.ExitCode);
        Assert.Equal("key_revoked", tool.Refusal(key, out _));
        Assert.DoesNotContain(key, answer.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Revoke_RevokedKey_SaysSinceWhenAndChangesNothing()
    {
        using var tool = new ToolFixture();
        var id = ToolFixture.IdOf(await tool.CreateKeyAsync());
        await tool.RunAsync("keys", "revoke", id, "--store", tool.Store);
        tool.Time.Advance(TimeSpan.FromHours(1));

        var answer = await tool.RunAsync("keys", "revoke", id, "--store", tool.Store);

        Assert.Equal(0, answer.ExitCode);
        Assert.Equal($"Key {id} of checkout was already revoked, at 2026-10-02 12:30 UTC.\n", answer.Output);
        Assert.Equal(ToolFixture.Start, tool.ReadStore().Keys[0].Revoked);
        Assert.Equal(2, tool.ReadStore().Generation);
    }

    [Fact]
    public async Task Revoke_Json_HasExactlyTheseMembers()
    {
        using var tool = new ToolFixture();
        var id = ToolFixture.IdOf(await tool.CreateKeyAsync());

        var first = await tool.RunAsync("keys", "revoke", id, "--store", tool.Store, "--json");
        var second = await tool.RunAsync("keys", "revoke", id, "--store", tool.Store, "--json");

        Assert.Equal($$"""{"id":"{{id}}","owner":"checkout","revoked":"2026-10-02T12:30:15Z","wasRevokedBefore":false}""" + "\n", first.Output);
        Assert.Equal(first.Output.Replace("false", "true", StringComparison.Ordinal), second.Output);
    }

    [Fact]
    public async Task Revoke_UnknownId_Exits1AndChangesNothing()
    {
        using var tool = new ToolFixture();
        await tool.CreateKeyAsync();

        var answer = await tool.RunAsync("keys", "revoke", "nobody", "--store", tool.Store, "--json");

        Assert.Equal(1, answer.ExitCode);
        Assert.Equal($"'nobody' is no key of the store '{tool.Store}'. 'secure-inference keys list' shows the ids; nothing was changed.\n", answer.Error);
        Assert.Empty(answer.Output);
        Assert.Equal(1, tool.ReadStore().Generation);
    }

    [Fact]
    public async Task Revoke_MistypedKey_Exits1AndDoesNotRepeatIt()
    {
        using var tool = new ToolFixture();
        var key = await tool.CreateKeyAsync();

        var answer = await tool.RunAsync("keys", "revoke", key[..^1], "--store", tool.Store);

        Assert.Equal(1, answer.ExitCode);
        Assert.DoesNotContain(key.Split('_')[3][..8], answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Revoke_MissingStore_Exits3AndMakesNone()
    {
        using var tool = new ToolFixture();

        var answer = await tool.RunAsync("keys", "revoke", "nobody", "--store", tool.Store);

        Assert.Equal(3, answer.ExitCode);
        Assert.Empty(Directory.EnumerateFileSystemEntries(tool.Folder));
    }
}
