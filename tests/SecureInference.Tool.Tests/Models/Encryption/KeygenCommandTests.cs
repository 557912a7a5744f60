namespace SecureInference.Tool.Tests.Models.Encryption;

public sealed class KeygenCommandTests
{
    [Fact]
    public async Task Run_NewFile_HoldsAKeyForItsOwner_AndPrintsThePublicHalf()
    {
        using var models = await ModelFixture.CreateAsync();

        var answer = await models.DoAsync("keygen", "--output", models.Key);

        Assert.StartsWith("age1", answer.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(models.SecretIn(models.Key), answer.Output, StringComparison.Ordinal);
        Assert.Contains($"# public key: {answer.Output.Trim()}", await File.ReadAllTextAsync(models.Key, TestContext.Current.CancellationToken), StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(models.Key));
        }
    }

    [Fact]
    public async Task Run_FileThatIsThere_IsKeptUnlessForced()
    {
        using var models = await ModelFixture.CreateAsync();
        await models.MakeKeyAsync();
        var before = models.SecretIn(models.Key);

        var refused = await models.RunAsync("keygen", "--output", models.Key);
        var kept = models.SecretIn(models.Key);
        await models.DoAsync("keygen", "--output", models.Key, "--force");

        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("--force", refused.Error, StringComparison.Ordinal);
        Assert.Equal(before, kept);
        Assert.NotEqual(before, models.SecretIn(models.Key));
    }

    [Fact]
    public async Task Run_AsJson_NamesThePublicKey()
    {
        using var models = await ModelFixture.CreateAsync();

        var pair = ModelFixture.Json(await models.DoAsync("keygen", "--output", models.Key, "--json"));
        var wrapping = ModelFixture.Json(await models.DoAsync("keygen", "--wrapping", "--output", models.File("wrap.txt"), "--json"));

        Assert.StartsWith("age1", pair.GetProperty("recipient").GetString(), StringComparison.Ordinal);
        Assert.Equal(16, wrapping.GetProperty("keyId").GetString()?.Length);
        Assert.False(wrapping.TryGetProperty("recipient", out _));
    }

    [Fact]
    public async Task Run_FolderThatIsMissing_SaysSo()
    {
        using var models = await ModelFixture.CreateAsync();

        var answer = await models.RunAsync("keygen", "--output", models.File("none/key.txt"));

        Assert.Equal(3, answer.ExitCode);
        Assert.Contains("does not exist", answer.Error, StringComparison.Ordinal);
    }
}
