using System.Text.Json;

namespace SecureInference.Tool.Tests.Keys;

public sealed class RotateKeyCommandTests
{
    [Fact]
    public async Task Rotate_ActiveKey_BothWorkUntilTheOverlapEnds()
    {
        using var tool = new ToolFixture();
        var old = await tool.CreateKeyAsync("--tier", "gold");

        var made = await RotateAsync(tool, old, "--overlap", "7d");

        Assert.Equal(ToolFixture.IdOf(old), ToolFixture.IdOf(made));
        Assert.Null(tool.Refusal(old));
        Assert.Null(tool.Refusal(made, out var caller));
        Assert.Equal("gold", caller!.Tier);
        tool.Time.Advance(TimeSpan.FromDays(7) - TimeSpan.FromTicks(1));
        Assert.Null(tool.Refusal(old));
        tool.Time.Advance(TimeSpan.FromTicks(1));
        Assert.Equal("key_superseded", tool.Refusal(old));
        Assert.Null(tool.Refusal(made));
    }

    [Fact]
    public async Task Rotate_NoOverlap_EndsTheOldSecretAtOnce()
    {
        using var tool = new ToolFixture();
        var old = await tool.CreateKeyAsync();

        var made = await RotateAsync(tool, old, "--overlap", "0h");

        Assert.Equal("key_superseded", tool.Refusal(old));
        Assert.Null(tool.Refusal(made));
    }

    [Fact]
    public async Task Rotate_OverlapBeyondTheOldExpiry_DoesNotProlongTheOldSecret()
    {
        using var tool = new ToolFixture();
        var old = await tool.CreateKeyAsync("--expires", "1d");

        await RotateAsync(tool, old, "--overlap", "7d");

        tool.Time.Advance(TimeSpan.FromDays(1));
        Assert.Equal("key_superseded", tool.Refusal(old));
    }

    [Fact]
    public async Task Rotate_WhileARotationOverlaps_Exits1UnlessItIsEnded()
    {
        using var tool = new ToolFixture();
        var first = await tool.CreateKeyAsync();
        var second = await RotateAsync(tool, first);

        var refused = await tool.RunAsync("keys", "rotate", first, "--store", tool.Store);
        var generation = tool.ReadStore().Generation;
        var third = await RotateAsync(tool, first, "--end-overlap");

        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("works until 2026-10-09 12:30 UTC", refused.Error, StringComparison.Ordinal);
        Assert.Contains("--end-overlap", refused.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(first, refused.Error, StringComparison.Ordinal);
        Assert.Equal(2, generation);
        Assert.Equal("key_unknown", tool.Refusal(first));
        Assert.Null(tool.Refusal(second));
        Assert.Null(tool.Refusal(third));
    }

    [Fact]
    public async Task Rotate_OverlapHasEnded_IsDoneAgain()
    {
        using var tool = new ToolFixture();
        var first = await tool.CreateKeyAsync();
        await RotateAsync(tool, first, "--overlap", "1h");
        tool.Time.Advance(TimeSpan.FromHours(1));

        await RotateAsync(tool, first, "--overlap", "1h");

        Assert.Equal(2, tool.ReadStore().Keys[0].Secrets.Count);
    }

    [Fact]
    public async Task Rotate_AfterAllWereRevoked_TheNewSecretWorksAlone()
    {
        using var tool = new ToolFixture();
        var old = await tool.CreateKeyAsync();
        await tool.DoAsync("revoke", "--before", "now");

        var made = await RotateAsync(tool, old);

        Assert.Equal("key_revoked", tool.Refusal(old));
        Assert.Null(tool.Refusal(made));
    }

    [Fact]
    public async Task Rotate_RevokedKey_Exits1()
    {
        using var tool = new ToolFixture();
        var key = await tool.CreateKeyAsync();
        await tool.DoAsync("revoke", key);

        var answer = await tool.RunAsync("keys", "rotate", key, "--store", tool.Store);

        Assert.Equal(1, answer.ExitCode);
        Assert.Contains("is revoked, and stays so", answer.Error, StringComparison.Ordinal);
        Assert.Equal(2, tool.ReadStore().Generation);
    }

    [Fact]
    public async Task Rotate_Json_HasExactlyTheseMembers()
    {
        using var tool = new ToolFixture();
        var id = ToolFixture.IdOf(await tool.CreateKeyAsync());

        var answer = await tool.DoAsync("rotate", id, "--overlap", "12h", "--expires", "1d", "--json");

        using var json = JsonDocument.Parse(answer.Output);
        var key = json.RootElement.GetProperty("key").GetString();
        Assert.Null(tool.Refusal(key!));
        Assert.Equal(
            $$"""
            {"id":"{{id}}","key":"{{key}}","owner":"checkout","scopes":["model:digits:infer"],"tier":null,"environment":"live","created":"2026-10-02T12:30:15Z","expires":"2026-10-03T12:30:15Z","networks":[],"priority":null,"overlapEnds":"2026-10-03T00:30:15Z"}

            """,
            answer.Output);
    }

    [Theory]
    [InlineData("2027-01-01", "2027-01-01T00:00:00Z")]
    [InlineData("1h", "2026-10-02T13:30:15Z")]
    [InlineData("never", null)]
    public async Task Rotate_WithoutExpires_EndsWhenTheKeyDidBefore(string expires, string? expected)
    {
        using var tool = new ToolFixture();
        var key = await tool.CreateKeyAsync("--expires", expires);
        tool.Time.Advance(TimeSpan.FromMinutes(30));

        var answer = await tool.DoAsync("rotate", key);

        Assert.Equal(expected is null ? null : DateTimeOffset.Parse(expected, null), tool.ReadStore().Keys[0].Expires);
        Assert.Contains($"  expires  {(expected is null ? "never" : expected.Replace('T', ' ')[..16] + " UTC")}", answer.Lines);
    }

    [Fact]
    public async Task Rotate_ExpiredKey_AsksForAnEnd()
    {
        using var tool = new ToolFixture();
        var old = await tool.CreateKeyAsync("--expires", "1h");
        tool.Time.Advance(TimeSpan.FromHours(1));

        var refused = await tool.RunAsync("keys", "rotate", old, "--store", tool.Store);
        var generation = tool.ReadStore().Generation;
        var made = await RotateAsync(tool, old, "--expires", "2h");

        Assert.Equal((1, 1), (refused.ExitCode, (int)generation));
        Assert.Equal(
            $"Key {ToolFixture.IdOf(old)} of checkout has expired. Say when its new secret is to stop working, for example --expires 90d. Nothing was changed.\n", refused.Error);
        Assert.NotNull(tool.Refusal(old));
        Assert.Null(tool.Refusal(made));
    }

    [Fact]
    public async Task Rotate_LeakedKey_TheRecipeEndsEverySecretThatWorked()
    {
        using var tool = new ToolFixture();
        var first = await tool.CreateKeyAsync();
        var second = await RotateAsync(tool, first);

        var answer = await tool.DoAsync("rotate", first, "--end-overlap", "--overlap", "0h");

        Assert.NotNull(tool.Refusal(first));
        Assert.NotNull(tool.Refusal(second));
        Assert.Null(tool.Refusal(KeyIn(answer)));
        Assert.Contains("No older secret works any more. Give callers this one now.", answer.Lines);
    }

    [Fact]
    public async Task Rotate_EndOverlap_SaysWhichSecretHasEndedAndWhichHasNot()
    {
        using var tool = new ToolFixture();
        var first = await tool.CreateKeyAsync();
        await RotateAsync(tool, first);

        var answer = await tool.DoAsync("rotate", first, "--end-overlap", "--overlap", "1d");

        Assert.Contains("Of the two secrets that worked, the older has ended. The newer one works until 2026-10-03 12:30 UTC: give callers this one before.", answer.Lines);
        Assert.Contains("If that one has leaked, too: rotate again, with --end-overlap --overlap 0h.", answer.Lines);
    }

    [Fact]
    public async Task Rotate_Overlap_SaysUntilWhenTheOldOneWorks()
    {
        using var tool = new ToolFixture();
        var first = await tool.CreateKeyAsync();

        var answer = await tool.DoAsync("rotate", first, "--end-overlap");

        Assert.Contains("The secret that callers have now works until 2026-10-09 12:30 UTC. Give them this one before.", answer.Lines);
        Assert.DoesNotContain("has ended", answer.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--overlap", "soon")]
    [InlineData("--overlap", "367d")]
    [InlineData("--overlap", "-1d")]
    [InlineData("--overlap", "")]
    [InlineData("--expires", "0d")]
    [InlineData("--end-overlap", "maybe")]
    public async Task Rotate_WrongValue_Exits2AndChangesNothing(string option, string value)
    {
        using var tool = new ToolFixture();
        var key = await tool.CreateKeyAsync();

        var answer = await tool.RunAsync("keys", "rotate", key, "--store", tool.Store, option, value);

        Assert.Equal(2, answer.ExitCode);
        Assert.Equal(1, tool.ReadStore().Generation);
    }

    private static async Task<string> RotateAsync(ToolFixture tool, string key, params string[] more)
    {
        var answer = await tool.DoAsync("rotate", [key, .. more]);
        return KeyIn(answer);
    }

    private static string KeyIn(ToolAnswer answer) => answer.Lines.Single(static line => line.StartsWith("si_", StringComparison.Ordinal));
}
