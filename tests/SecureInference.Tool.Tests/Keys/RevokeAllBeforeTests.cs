namespace SecureInference.Tool.Tests.Keys;

public sealed class RevokeAllBeforeTests
{
    [Fact]
    public async Task RevokeBefore_Now_EndsEveryKeyThatWasMadeUntilThen()
    {
        using var tool = new ToolFixture();
        var first = await tool.CreateKeyAsync();
        var second = await tool.CreateKeyAsync();
        await tool.DoAsync("revoke", first);

        var answer = await tool.DoAsync("revoke", "--before", "now", "--json");

        Assert.Equal($$"""{"revokedBefore":"2026-10-02T12:30:15Z","ids":["{{ToolFixture.IdOf(second)}}"]}""" + "\n", answer.Output);
        Assert.Equal("key_revoked", tool.Refusal(first));
        Assert.Equal("key_revoked", tool.Refusal(second));
    }

    [Fact]
    public async Task RevokeBefore_Now_IsToldFromAKeyThatIsRevokedForGood()
    {
        using var tool = new ToolFixture();
        var forGood = await tool.CreateKeyAsync();
        await tool.DoAsync("revoke", forGood);
        tool.Time.Advance(TimeSpan.FromMinutes(1));
        var ended = await tool.CreateKeyAsync();
        await tool.DoAsync("revoke", "--before", "now");

        var list = await tool.DoAsync("list");
        var json = await tool.DoAsync("list", "--json");
        var show = await tool.DoAsync("show", ended);
        var refused = await tool.RunAsync("keys", "suspend", ended, "--store", tool.Store);

        Assert.Equal(["revoked", "ended"], list.Lines.Where(static line => line.Contains("checkout", StringComparison.Ordinal)).Select(static line => line.Split(' ')[^1]));
        Assert.Contains("\"revoked\":\"2026-10-02T12:30:15Z\",\"state\":\"revoked\"", json.Output, StringComparison.Ordinal);
        Assert.Contains("\"revoked\":\"2026-10-02T12:31:15Z\",\"state\":\"ended\"", json.Output, StringComparison.Ordinal);
        Assert.Contains("state        ended", show.Lines);
        Assert.Contains("revoked      2026-10-02 12:31 UTC, with all secrets made until then; 'keys rotate' gives it a new one", show.Lines);
        Assert.Equal(
            $"The secrets of key {ToolFixture.IdOf(ended)} of checkout are revoked, with all that were made until 2026-10-02 12:31 UTC. 'secure-inference keys rotate' gives it a new one. Nothing was changed.\n",
            refused.Error);
    }

    [Fact]
    public async Task RevokeBefore_Past_SparesWhatWasMadeLater()
    {
        using var tool = new ToolFixture();
        var old = await tool.CreateKeyAsync();
        tool.Time.Advance(TimeSpan.FromMinutes(1));
        var young = await tool.CreateKeyAsync();

        await tool.DoAsync("revoke", "--before", "2026-10-02T12:30:15Z");

        Assert.Equal("key_revoked", tool.Refusal(old));
        Assert.Null(tool.Refusal(young));
    }

    [Fact]
    public async Task RevokeBefore_RotatedKey_EndsTheOldSecretOnly()
    {
        using var tool = new ToolFixture();
        var old = await tool.CreateKeyAsync();
        tool.Time.Advance(TimeSpan.FromMinutes(1));
        var answer = await tool.DoAsync("rotate", old);
        var made = answer.Lines.Single(static line => line.StartsWith("si_", StringComparison.Ordinal));

        await tool.DoAsync("revoke", "--before", "2026-10-02T12:30Z");
        Assert.Null(tool.Refusal(old));
        await tool.DoAsync("revoke", "--before", "2026-10-02T12:31Z");

        Assert.Equal("key_revoked", tool.Refusal(old));
        Assert.Null(tool.Refusal(made));
    }

    [Fact]
    public async Task RevokeBefore_EarlierThanBefore_Exits1AndStays()
    {
        using var tool = new ToolFixture();
        await tool.CreateKeyAsync();
        await tool.DoAsync("revoke", "--before", "now");

        var answer = await tool.RunAsync("keys", "revoke", "--before", "2026-10-02", "--store", tool.Store);

        Assert.Equal(1, answer.ExitCode);
        Assert.Equal(ToolFixture.Start, tool.ReadStore().RevokedBefore);
        Assert.Equal(2, tool.ReadStore().Generation);
    }

    [Theory]
    [InlineData()]
    [InlineData("someid", "--before", "now")]
    [InlineData("--before", "2026-10-03")]
    [InlineData("--before", "tomorrow")]
    [InlineData("--before", "")]
    [InlineData("--before")]
    public async Task Revoke_NeitherOrBothOrAWrongTime_Exits2AndChangesNothing(params string[] arguments)
    {
        using var tool = new ToolFixture();
        await tool.CreateKeyAsync();

        var answer = await tool.RunAsync(["keys", "revoke", "--store", tool.Store, .. arguments]);

        Assert.Equal(2, answer.ExitCode);
        Assert.Equal(1, tool.ReadStore().Generation);
    }
}
