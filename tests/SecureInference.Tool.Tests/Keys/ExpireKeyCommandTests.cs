namespace SecureInference.Tool.Tests.Keys;

public sealed class ExpireKeyCommandTests
{
    [Fact]
    public async Task Expire_Now_EndsTheKeyAtOnce()
    {
        using var tool = new ToolFixture();
        var key = await tool.CreateKeyAsync();

        var answer = await tool.DoAsync("expire", key, "--at", "now");

        Assert.Equal("key_expired", tool.Refusal(key));
        Assert.Equal($"Key {ToolFixture.IdOf(key)} of checkout has expired. Running servers follow within a second.\n", answer.Output);
    }

    [Theory]
    [InlineData("1d", "2026-10-03T12:30:15Z")]
    [InlineData("2027-06-01", "2027-06-01T00:00:00Z")]
    [InlineData("never", null)]
    public async Task Expire_LaterOrEarlier_IsWhenItEnds(string at, string? expected)
    {
        using var tool = new ToolFixture();
        var key = await tool.CreateKeyAsync();

        await tool.DoAsync("expire", key, "--at", at);

        Assert.Equal(expected is null ? null : DateTimeOffset.Parse(expected, null), tool.ReadStore().Keys[0].Expires);
    }

    [Fact]
    public async Task Expire_WhileRotating_NeverProlongsTheOldSecret()
    {
        using var tool = new ToolFixture();
        var key = await tool.CreateKeyAsync();
        await tool.DoAsync("rotate", key, "--overlap", "7d");

        await tool.DoAsync("expire", key, "--at", "365d");
        Assert.Equal(ToolFixture.Start.AddDays(7), tool.ReadStore().Keys[0].Secrets[0].Expires);
        await tool.DoAsync("expire", key, "--at", "never");
        Assert.Equal(ToolFixture.Start.AddDays(7), tool.ReadStore().Keys[0].Secrets[0].Expires);
        await tool.DoAsync("expire", key, "--at", "1d");
        Assert.All(tool.ReadStore().Keys[0].Secrets, static secret => Assert.Equal(ToolFixture.Start.AddDays(1), secret.Expires));
    }

    [Fact]
    public async Task Expire_ExpiredKey_Exits1AndStaysSo()
    {
        using var tool = new ToolFixture();
        var key = await tool.CreateKeyAsync("--expires", "1h");
        tool.Time.Advance(TimeSpan.FromHours(1));

        var answer = await tool.RunAsync("keys", "expire", key, "--at", "1d", "--store", tool.Store);

        Assert.Equal(1, answer.ExitCode);
        Assert.Contains("has expired, and stays so", answer.Error, StringComparison.Ordinal);
        Assert.Equal("key_expired", tool.Refusal(key));
    }

    [Fact]
    public async Task Expire_RevokedKey_Exits1()
    {
        using var tool = new ToolFixture();
        var key = await tool.CreateKeyAsync();
        await tool.DoAsync("revoke", key);

        var answer = await tool.RunAsync("keys", "expire", key, "--at", "1d", "--store", tool.Store);

        Assert.Equal(1, answer.ExitCode);
        Assert.Contains("is revoked, and stays so", answer.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData()]
    [InlineData("--at", "yesterday")]
    [InlineData("--at", "2020-01-01")]
    public async Task Expire_WrongTime_Exits2(params string[] more)
    {
        using var tool = new ToolFixture();
        var key = await tool.CreateKeyAsync();

        var answer = await tool.RunAsync(["keys", "expire", key, "--store", tool.Store, .. more]);

        Assert.Equal(2, answer.ExitCode);
        Assert.Equal(1, tool.ReadStore().Generation);
    }
}
