namespace SecureInference.Tool.Tests.Models.Encryption;

public sealed class EncryptCommandTests
{
    [Fact]
    public async Task Run_SeveralKinds_EachOpensIt()
    {
        using var models = await ModelFixture.CreateAsync();
        var (first, second) = (await models.MakeKeyAsync(), await models.MakeKeyAsync("second.txt"));
        await models.DoAsync("keygen", "--wrapping", "--output", models.File("wrap.txt"));

        await models.DoAsync("encrypt", models.Model, "--recipient", first, "--recipient", second, "--wrapping-key", models.File("wrap.txt"), "--output", models.Encrypted);

        foreach (var key in new[] { "key.txt", "second.txt", "wrap.txt" })
        {
            await models.DoAsync("decrypt", models.Encrypted, "--identity", models.File(key), "--output", models.File($"{key}.onnx"));
            Assert.Equal(models.Clear, models.Read(models.File($"{key}.onnx")));
        }
    }

    [Fact]
    public async Task Run_Passphrase_OpensIt()
    {
        using var models = await ModelFixture.CreateAsync();
        models.WriteSecret("phrase.txt", "correct horse battery staple\n");

        await models.DoAsync("encrypt", models.Model, "--passphrase-file", models.File("phrase.txt"), "--output", models.Encrypted);
        await models.DoAsync("decrypt", models.Encrypted, "--passphrase-file", models.File("phrase.txt"), "--output", models.File("again.onnx"));

        Assert.Equal(models.Clear, models.Read(models.File("again.onnx")));
    }

    [Fact]
    public async Task Run_AsJson_SaysWhatWasWritten()
    {
        using var models = await ModelFixture.CreateAsync();

        var written = ModelFixture.Json(await models.DoAsync("encrypt", models.Model, "--recipient", await models.MakeKeyAsync(), "--output", models.Encrypted, "--json"));

        Assert.Equal(models.Encrypted, written.GetProperty("file").GetString());
        Assert.Equal(new FileInfo(models.Encrypted).Length, written.GetProperty("bytes").GetInt64());
        Assert.Equal(1, written.GetProperty("recipients").GetInt32());
    }

    [Fact]
    public async Task Run_WrongUsage_IsSaid()
    {
        using var models = await ModelFixture.CreateAsync();
        var key = await models.MakeKeyAsync();
        models.WriteSecret("phrase.txt", "x");
        (string[] Arguments, string Said)[] wrong =
        [
            ([], "Nobody is named"),
            (["--recipient", key[..^1]], "is no public key"),
            (["--recipient", models.SecretIn(models.Key)], "make another"),
            (["--recipient", key, "--passphrase-file", models.File("phrase.txt")], "stands alone"),
            (["--wrapping-key", models.Key], "does not hold one wrapping key"),
        ];

        foreach (var (arguments, said) in wrong)
        {
            var answer = await models.RunAsync(["encrypt", models.Model, "--output", models.Encrypted, .. arguments]);

            Assert.Equal(2, answer.ExitCode);
            Assert.Contains(said, answer.Error, StringComparison.Ordinal);
            Assert.DoesNotContain(models.SecretIn(models.Key), answer.Error, StringComparison.Ordinal);
        }

        Assert.False(File.Exists(models.Encrypted));
    }

    [Fact]
    public async Task Run_ModelThatIsMissing_IsFileTrouble()
    {
        using var models = await ModelFixture.CreateAsync();

        var answer = await models.RunAsync("encrypt", models.File("none.onnx"), "--recipient", await models.MakeKeyAsync(), "--output", models.Encrypted);

        Assert.Equal(3, answer.ExitCode);
    }

    [Fact]
    public async Task Run_FileThatIsEncryptedAlready_IsRefused()
    {
        using var models = await ModelFixture.CreateAsync();
        await models.EncryptAsync();

        var answer = await models.RunAsync("encrypt", models.Encrypted, "--recipient", await models.MakeKeyAsync("second.txt"), "--output", models.File("twice.age"));

        Assert.Equal(1, answer.ExitCode);
        Assert.Contains("encrypted already", answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_FileThatIsThere_IsKeptUnlessForced()
    {
        using var models = await ModelFixture.CreateAsync();
        await models.EncryptAsync();
        var before = models.Read(models.Encrypted);

        var answer = await models.RunAsync("encrypt", models.Model, "--recipient", await models.MakeKeyAsync("second.txt"), "--output", models.Encrypted);

        Assert.Equal(1, answer.ExitCode);
        Assert.Equal(before, models.Read(models.Encrypted));
    }

    [Fact]
    public async Task Run_LongFileOnATerminal_ShowsProgress()
    {
        using var models = await ModelFixture.CreateAsync();
        await File.WriteAllBytesAsync(models.Model, new byte[70 << 20], TestContext.Current.CancellationToken);

        var answer = await models.RunOnTerminalAsync("encrypt", models.Model, "--recipient", await models.MakeKeyAsync(), "--output", models.Encrypted);

        Assert.Equal(0, answer.ExitCode);
        Assert.Contains("Encrypting 100 %", answer.Error, StringComparison.Ordinal);
    }
}
