using SecureInference.Models.Protection.Encryption;
using SecureInference.Tests.Models.Protection.Encryption;

namespace SecureInference.Tests.Models.Protection;

/// <summary>Models that are encrypted and signed, at the door that every model comes in by.</summary>
public sealed class EncryptedDoorTests : IDisposable
{
    private readonly Door _door = new();
    private readonly X25519Identity _key = X25519Identity.Create();

    public EncryptedDoorTests()
    {
        var sources = new IdentitySources(_door.Folder, name => name == "KEY" ? System.Text.Encoding.ASCII.GetString(_key.Export()) : null, new SettingsSecrets(section: null, app: null));
        _door.Decryption = new ModelDecryption(sources, [], TimeProvider.System);
        _door.Options.Identities = ["env:KEY"];
    }

    public void Dispose()
    {
        _key.Dispose();
        _door.Dispose();
    }

    [Fact]
    public async Task Read_EncryptedModel_IsClearInMemory()
    {
        var clear = Age.Clear(100_000);
        await EncryptAsync(clear);

        using var content = await _door.ReadAsync();

        Assert.Equal(clear, content.Model);
        Assert.True(content.Protection.IsEncrypted);
    }

    [Fact]
    public async Task Read_EncryptedModelThatIsSigned_IsCheckedInTheClear()
    {
        _door.Write("model.onnx", "a model").Trust();
        await _door.SignAsync();
        await EncryptAsync("a model"u8.ToArray());

        using var content = await _door.ReadAsync();

        Assert.Equal("a model"u8.ToArray(), content.Model);
    }

    [Fact]
    public async Task Read_EncryptedModelOfSomebodyElse_IsRefusedByItsSignature()
    {
        _door.Write("model.onnx", "a model").Trust();
        await _door.SignAsync();
        await EncryptAsync("another"u8.ToArray());

        await Assert.ThrowsAsync<ModelLoadException>(async () => await _door.ReadAsync());
    }

    [Fact]
    public async Task Read_AnyByteFlipped_IsRefused()
    {
        await EncryptAsync("a model"u8.ToArray());
        var file = await File.ReadAllBytesAsync(_door.Options.Path, TestContext.Current.CancellationToken);

        for (var index = 0; index < file.Length; index++)
        {
            byte[] changed = [.. file];
            changed[index] ^= 1;
            await File.WriteAllBytesAsync(_door.Options.Path, changed, TestContext.Current.CancellationToken);

            // What does not even begin like an encrypted file must not pass for a clear one.
            _door.Options.RequireEncryption = true;
            await Assert.ThrowsAsync<ModelLoadException>(async () => await _door.ReadAsync());
        }
    }

    private async Task EncryptAsync(byte[] clear)
    {
        Directory.CreateDirectory(_door.Folder);
        await File.WriteAllBytesAsync(_door.Options.Path, await Age.EncryptAsync(clear, _key.Recipient), TestContext.Current.CancellationToken);
    }
}
