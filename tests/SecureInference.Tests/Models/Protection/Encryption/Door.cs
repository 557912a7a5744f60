using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Time.Testing;
using SecureInference.Models.Protection.Encryption;
using SecureInference.TestSupport;

namespace SecureInference.Tests.Models.Protection.Encryption;

/// <summary>What decrypts the models of one app, with a folder and an environment of its own.</summary>
internal sealed class Door : IDisposable
{
    private readonly TestFolder _folder = new();

    public string Folder => _folder.Path;

    public Dictionary<string, string> Variables { get; } = [];

    public List<IKeyUnwrapper> Services { get; } = [];

    public IConfigurationRoot? Configuration { get; set; }

    public FakeTimeProvider Time { get; } = new();

    public ModelOptions Options { get; } = new() { Path = "/models/digits.onnx.age" };

    public void Dispose() => _folder.Dispose();

    /// <summary>Writes a file of keys, which only its owner may read.</summary>
    public string Write(string name, ReadOnlySpan<byte> content, UnixFileMode mode = UnixFileMode.UserRead)
    {
        var path = _folder.File(name);
        File.WriteAllBytes(path, content);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, mode);
        }

        return path;
    }

    public async Task<byte[]> DecryptAsync(byte[] file)
    {
        var settings = new SettingsSecrets(Configuration?.GetSection("SecureInference"), Configuration);
        var sources = new IdentitySources(_folder.Path, Variables.GetValueOrDefault, settings);
        var read = await new ModelDecryption(sources, Services, Time).DecryptAsync("digits", new MemoryStream(file), Options, withHash: true, TestContext.Current.CancellationToken);
        Assert.Equal(System.Security.Cryptography.SHA256.HashData(read.Bytes), read.Hash);
        return read.Bytes;
    }

    /// <summary>Returns what is said where a file is refused.</summary>
    public async Task<string> RefusalAsync(byte[] file) => (await Assert.ThrowsAsync<ModelLoadException>(() => DecryptAsync(file))).Message;
}
