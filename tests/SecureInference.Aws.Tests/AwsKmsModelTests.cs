using System.Security.Cryptography;
using SecureInference.Models.Protection.Encryption;

namespace SecureInference.Aws.Tests;

/// <summary>Models that were encrypted for a key in KMS, from the file to the clear bytes.</summary>
public sealed class AwsKmsModelTests
{
    private readonly byte[] _clear = RandomNumberGenerator.GetBytes(100_000);

    [Fact]
    public async Task Decrypt_ModelForAKeyInKms_IsOpened()
    {
        await using var kms = await FakeKms.StartAsync();
        using var client = kms.Client();

        Assert.Equal(_clear, await DecryptAsync(client, await EncryptAsync(client)));
    }

    [Theory]
    [InlineData(15)]
    [InlineData(17)]
    public async Task Decrypt_KmsAnswersAnotherLength_IsRefused(int length)
    {
        await using var kms = await FakeKms.StartAsync();
        using var client = kms.Client();
        var file = await EncryptAsync(client);
        kms.Clear = new byte[length];

        var refused = await Assert.ThrowsAsync<ModelLoadException>(() => DecryptAsync(client, file));

        Assert.Contains($"{length} bytes came back", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Decrypt_KmsSaysNo_BreakGlassKeyOpensIt()
    {
        await using var kms = await FakeKms.StartAsync();
        using var client = kms.Client();
        using var key = X25519Identity.Create();
        var file = await EncryptAsync(client, key.Recipient);
        kms.Error = (400, "AccessDeniedException");

        var refused = await Assert.ThrowsAsync<ModelLoadException>(() => DecryptAsync(client, file));
        using var opened = await AgeFile.OpenAsync(new MemoryStream(file), [key], TestContext.Current.CancellationToken);

        Assert.Contains("AccessDeniedException", refused.Message, StringComparison.Ordinal);
        Assert.Equal(_clear, await PayloadMemory.ReadAsync(opened, TestContext.Current.CancellationToken));
    }

    private static async Task<byte[]> DecryptAsync(IKeyUnwrapper service, byte[] file)
    {
        var sources = new IdentitySources("/", static _ => null, new SettingsSecrets(null, null));
        return (await new ModelDecryption(sources, [service], TimeProvider.System)
            .DecryptAsync("digits", new MemoryStream(file), new ModelOptions { Path = "digits.onnx.age" }, withHash: false, TestContext.Current.CancellationToken)).Bytes;
    }

    private async Task<byte[]> EncryptAsync(IKeyWrapper service, params IAgeRecipient[] more)
    {
        using var file = new MemoryStream();
        await AgeEncryption.WriteAsync(new MemoryStream(_clear), file, [new KeyServiceRecipient(service, FakeKms.Key), .. more], progress: null, TestContext.Current.CancellationToken);
        return file.ToArray();
    }
}
