using System.Text.Json;

namespace SecureInference.Tool.Tests.Keys;

public sealed class SuspendKeyCommandTests
{
    [Fact]
    public async Task Suspend_ThenResume_StopsTheKeyForThatTime()
    {
        using var tool = new ToolFixture();
        var key = await tool.CreateKeyAsync();
        var other = await tool.CreateKeyAsync();

        var suspended = await tool.DoAsync("suspend", key);
        var whileSuspended = tool.Refusal(key);
        var resumed = await tool.DoAsync("resume", key);

        Assert.Equal("key_suspended", whileSuspended);
        Assert.Null(tool.Refusal(key));
        Assert.Null(tool.Refusal(other));
        Assert.Contains("is suspended.", suspended.Output, StringComparison.Ordinal);
        Assert.Contains("works again.", resumed.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(key, suspended.Output + resumed.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Suspend_Twice_ChangesNothingTheSecondTime()
    {
        using var tool = new ToolFixture();
        var key = await tool.CreateKeyAsync();
        await tool.DoAsync("suspend", key);
        tool.Time.Advance(TimeSpan.FromHours(1));

        var answer = await tool.DoAsync("suspend", key);

        Assert.Equal($"Key {ToolFixture.IdOf(key)} of checkout was already suspended, at 2026-10-02 12:30 UTC.\n", answer.Output);
        Assert.Equal(2, tool.ReadStore().Generation);
    }

    [Fact]
    public async Task Suspend_Json_IsTheRow()
    {
        using var tool = new ToolFixture();
        var key = await tool.CreateKeyAsync();

        using var suspended = JsonDocument.Parse((await tool.DoAsync("suspend", key, "--json")).Output);
        using var resumed = JsonDocument.Parse((await tool.DoAsync("resume", key, "--json")).Output);

        Assert.Equal("suspended", suspended.RootElement.GetProperty("state").GetString());
        Assert.Equal("2026-10-02T12:30:15Z", suspended.RootElement.GetProperty("suspended").GetString());
        Assert.Equal("active", resumed.RootElement.GetProperty("state").GetString());
        Assert.Equal(JsonValueKind.Null, resumed.RootElement.GetProperty("suspended").ValueKind);
    }

    [Fact]
    public async Task Resume_KeyThatWorks_SaysSoAndChangesNothing()
    {
        using var tool = new ToolFixture();
        var key = await tool.CreateKeyAsync();

        var answer = await tool.DoAsync("resume", key);

        Assert.Equal($"Key {ToolFixture.IdOf(key)} of checkout was not suspended.\n", answer.Output);
        Assert.Equal(1, tool.ReadStore().Generation);
    }

    [Fact]
    public async Task Resume_KeyThatExpiredMeanwhile_SaysSo()
    {
        using var tool = new ToolFixture();
        var key = await tool.CreateKeyAsync("--expires", "1h");
        await tool.DoAsync("suspend", key);
        tool.Time.Advance(TimeSpan.FromHours(1));

        var answer = await tool.DoAsync("resume", key);

        Assert.Contains("has expired meanwhile", answer.Output, StringComparison.Ordinal);
        Assert.Equal("key_expired", tool.Refusal(key));
    }

    [Theory]
    [InlineData("suspend")]
    [InlineData("resume")]
    public async Task SuspendOrResume_RevokedKey_Exits1(string command)
    {
        using var tool = new ToolFixture();
        var key = await tool.CreateKeyAsync();
        await tool.DoAsync("suspend", key);
        await tool.DoAsync("revoke", key);

        var answer = await tool.RunAsync("keys", command, key, "--store", tool.Store);

        Assert.Equal(1, answer.ExitCode);
        Assert.Equal("key_revoked", tool.Refusal(key));
    }
}
