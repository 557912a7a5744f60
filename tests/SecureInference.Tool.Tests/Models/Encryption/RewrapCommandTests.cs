namespace SecureInference.Tool.Tests.Models.Encryption;

public sealed class RewrapCommandTests
{
    [Fact]
    public async Task Rewrap_OtherKey_OpensIt_AndNoByteOfThePayloadChanges()
    {
        using var models = await ModelFixture.CreateAsync();
        await models.EncryptAsync();
        var before = models.Read(models.Encrypted);
        var second = await models.MakeKeyAsync("second.txt");

        await models.DoAsync("rewrap", models.Encrypted, "--identity", models.Key, "--recipient", second, "--recipient", second);

        var after = models.Read(models.Encrypted);
        Assert.Equal(before[ModelFixture.HeaderLength(before)..], after[ModelFixture.HeaderLength(after)..]);
        Assert.NotEqual(before.Length, after.Length);
        await OpensAsync(models, "second.txt");
        Assert.Equal(1, (await models.RunAsync("decrypt", models.Encrypted, "--identity", models.Key, "--output", models.File("old.onnx"))).ExitCode);
    }

    [Fact]
    public async Task Reencrypt_OtherKey_OpensIt_AndEveryByteIsNew()
    {
        using var models = await ModelFixture.CreateAsync();
        await models.EncryptAsync();
        var before = models.Read(models.Encrypted);

        await models.DoAsync("reencrypt", models.Encrypted, "--identity", models.Key, "--recipient", await models.MakeKeyAsync("second.txt"));

        var after = models.Read(models.Encrypted);
        var start = ModelFixture.HeaderLength(after);
        Assert.NotEqual(before[start..(start + 1000)], after[start..(start + 1000)]);
        await OpensAsync(models, "second.txt");
    }

    [Theory]
    [InlineData("rewrap")]
    [InlineData("reencrypt")]
    public async Task Run_WrongKey_ChangesNothing(string command)
    {
        using var models = await ModelFixture.CreateAsync();
        await models.EncryptAsync();
        var other = await models.MakeKeyAsync("other.txt");
        var (before, files) = (models.Read(models.Encrypted), models.Files);

        var answer = await models.RunAsync(command, models.Encrypted, "--identity", models.File("other.txt"), "--recipient", other);

        Assert.Equal(1, answer.ExitCode);
        Assert.Equal(before, models.Read(models.Encrypted));
        Assert.Equal(files, models.Files);
    }

    [Fact]
    public async Task Reencrypt_PayloadThatWasChanged_ChangesNothing()
    {
        using var models = await ModelFixture.CreateAsync();
        await models.EncryptAsync();
        var file = models.Read(models.Encrypted);
        file[^1] ^= 1;
        await File.WriteAllBytesAsync(models.Encrypted, file, TestContext.Current.CancellationToken);
        var files = models.Files;

        var answer = await models.RunAsync("reencrypt", models.Encrypted, "--identity", models.Key, "--recipient", "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p");

        Assert.Equal(1, answer.ExitCode);
        Assert.Equal(file, models.Read(models.Encrypted));
        Assert.Equal(files, models.Files);
    }

    [Fact]
    public async Task Rewrap_Elsewhere_KeepsTheFile_AndReplacesNoOther()
    {
        using var models = await ModelFixture.CreateAsync();
        await models.EncryptAsync();
        var (before, second) = (models.Read(models.Encrypted), await models.MakeKeyAsync("second.txt"));

        var refused = await models.RunAsync("rewrap", models.Encrypted, "--identity", models.Key, "--recipient", second, "--output", models.Model);
        var done = ModelFixture.Json(await models.DoAsync("rewrap", models.Encrypted, "--identity", models.Key, "--recipient", second, "--output", models.File("other.age"), "--json"));

        Assert.Equal(1, refused.ExitCode);
        Assert.Equal(models.Clear, models.Read(models.Model));
        Assert.Equal(before, models.Read(models.Encrypted));
        Assert.Equal(models.File("other.age"), done.GetProperty("file").GetString());
    }

    private static async Task OpensAsync(ModelFixture models, string key)
    {
        await models.DoAsync("decrypt", models.Encrypted, "--identity", models.File(key), "--output", models.File("again.onnx"));
        Assert.Equal(models.Clear, models.Read(models.File("again.onnx")));
    }
}
