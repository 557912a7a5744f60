namespace SecureInference.Tool.Tests.Models.Encryption;

public sealed class DecryptCommandTests
{
    [Fact]
    public async Task Run_RightKey_WritesTheModelForItsOwner()
    {
        using var models = await ModelFixture.CreateAsync();
        await models.EncryptAsync();

        await models.DoAsync("decrypt", models.Encrypted, "--identity", models.Key, "--output", models.File("again.onnx"));

        Assert.Equal(models.Clear, models.Read(models.File("again.onnx")));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(models.File("again.onnx")));
        }
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(-70_000)]
    [InlineData(10)]
    public async Task Run_FileThatWasChanged_IsRefused_AndNothingIsWritten(int at)
    {
        using var models = await ModelFixture.CreateAsync();
        await models.EncryptAsync();
        var file = models.Read(models.Encrypted);
        file[at < 0 ? file.Length + at : at] ^= 1;
        await File.WriteAllBytesAsync(models.Encrypted, file, TestContext.Current.CancellationToken);
        var before = models.Files;

        var answer = await models.RunAsync("decrypt", models.Encrypted, "--identity", models.Key, "--output", models.File("again.onnx"));

        Assert.Equal(1, answer.ExitCode);
        Assert.Equal(before, models.Files);
    }

    [Fact]
    public async Task Run_WrongKey_SaysWhomItIsFor()
    {
        using var models = await ModelFixture.CreateAsync();
        await models.EncryptAsync();
        await models.MakeKeyAsync("other.txt");

        var answer = await models.RunAsync("decrypt", models.Encrypted, "--identity", models.File("other.txt"), "--output", models.File("again.onnx"));

        Assert.Equal(1, answer.ExitCode);
        Assert.Contains("it was encrypted for an age1… key", answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_KeyThatOthersMayRead_IsRefused()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such modes.");
        using var models = await ModelFixture.CreateAsync();
        await models.EncryptAsync();
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(models.Key, UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        }

        var answer = await models.RunAsync("decrypt", models.Encrypted, "--identity", models.Key, "--output", models.File("again.onnx"));

        Assert.Equal(3, answer.ExitCode);
        Assert.Contains("chmod 400", answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_FileThatIsNotEncrypted_IsRefused()
    {
        using var models = await ModelFixture.CreateAsync();
        await models.MakeKeyAsync();

        var answer = await models.RunAsync("decrypt", models.Model, "--identity", models.Key, "--output", models.File("again.onnx"));

        Assert.Equal(1, answer.ExitCode);
        Assert.Contains("is not encrypted", answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_NoKey_IsWrongUsage()
    {
        using var models = await ModelFixture.CreateAsync();
        await models.EncryptAsync();

        Assert.Equal(2, (await models.RunAsync("decrypt", models.Encrypted, "--output", models.File("again.onnx"))).ExitCode);
    }
}
