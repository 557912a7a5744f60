namespace SecureInference.Tool.Tests.Keys;

public sealed class ShowKeyCommandTests
{
    [Fact]
    public async Task Show_Json_HasExactlyTheseMembers()
    {
        using var tool = new ToolFixture();
        await tool.AddPepperAsync();
        tool.Pepper = null;
        var id = ToolFixture.IdOf(await tool.CreateKeyAsync("--pepper-file", tool.PepperFile, "--network", "10.0.0.0/8", "--priority", "3", "--expires", "1d"));

        var answer = await tool.DoAsync("show", id, "--pepper-file", tool.PepperFile, "--json");

        Assert.Equal(
            $$"""
            {"id":"{{id}}","owner":"checkout","scopes":["model:digits:infer"],"tier":null,"environment":"live","created":"2026-10-02T12:30:15Z","expires":"2026-10-03T12:30:15Z","revoked":null,"state":"active","networks":["10.0.0.0/8"],"priority":3,"suspended":null,"overlapEnds":null,"lastUse":null,"secrets":[{"created":"2026-10-02T12:30:15Z","expires":"2026-10-03T12:30:15Z","pepper":1,"works":true}]}

            """,
            answer.Output);
    }

    [Theory]
    [InlineData("--json")]
    [InlineData()]
    public async Task Show_TheKeyItself_FindsItAndRepeatsNeitherItNorItsHash(params string[] more)
    {
        using var tool = new ToolFixture();
        var key = await tool.CreateKeyAsync();

        var answer = await tool.DoAsync("show", [key, .. more]);

        Assert.Contains(ToolFixture.IdOf(key), answer.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(key[21..40], answer.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(tool.ReadStore().Keys[0].Secrets[0].Verifier[..8], answer.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Show_RotatedKey_ShowsBothSecretsAndWhetherTheyWork()
    {
        using var tool = new ToolFixture();
        var id = ToolFixture.IdOf(await tool.CreateKeyAsync());
        await tool.DoAsync("rotate", id, "--overlap", "1h");

        var during = await tool.DoAsync("show", id);
        tool.Time.Advance(TimeSpan.FromHours(1));
        var after = await tool.DoAsync("show", id);

        Assert.Contains("state        rotating", during.Lines);
        Assert.Contains("secret 1     works, made 2026-10-02 12:30 UTC, until 2026-10-02 13:30 UTC, no pepper", during.Lines);
        Assert.Contains("secret 2     works, made 2026-10-02 12:30 UTC, until 2026-12-31 12:30 UTC, no pepper", during.Lines);
        Assert.Contains("state        active", after.Lines);
        Assert.Contains("secret 1     does not work, made 2026-10-02 12:30 UTC, until 2026-10-02 13:30 UTC, no pepper", after.Lines);
    }

    [Fact]
    public async Task Show_UnknownId_Exits1()
    {
        using var tool = new ToolFixture();
        await tool.CreateKeyAsync();

        var answer = await tool.RunAsync("keys", "show", "nobody", "--store", tool.Store);

        Assert.Equal(1, answer.ExitCode);
        Assert.Contains("'nobody' is no key of the store", answer.Error, StringComparison.Ordinal);
        Assert.Empty(answer.Output);
    }
}
