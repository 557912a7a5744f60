using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging;
using SecureInference.Models;
using SecureInference.Models.Protection;
using SecureInference.Models.Protection.Signing;
using SecureInference.Tests.Models.Protection.Signing;
using SecureInference.TestSupport;

namespace SecureInference.Tests.Models.Protection;

/// <summary>A model's files, a publisher, and the door that they come in by.</summary>
internal sealed class Door : IDisposable
{
    private readonly TestFolder _folder = new();

    public Door()
    {
        Options = new ModelOptions { Path = File("model.onnx") };
        Write("keys/publisher.pem", Publisher.Pem);
    }

    public KeySigner Publisher { get; } = new();

    public ModelOptions Options { get; }

    public CollectedLog Log { get; } = new();

    public string Environment { get; set; } = Environments.Production;

    public IModelDecryption? Decryption { get; set; }

    public string Folder => Path.GetDirectoryName(Options.Path)!;

    public string KeyFile => _folder.File("keys/publisher.pem");

    public string File(string name) => Path.Combine(_folder.Path, "m", name);

    public Door Write(string name, string text)
    {
        var path = name.StartsWith("keys/", StringComparison.Ordinal) ? _folder.File(name) : File(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        System.IO.File.WriteAllText(path, text);
        if (!OperatingSystem.IsWindows())
        {
            System.IO.File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        }

        return this;
    }

    public Door Trust()
    {
        Options.TrustedKeys = [KeyFile];
        return this;
    }

    /// <summary>Signs the file, or the folder where the signature is called so.</summary>
    public async Task<string> SignAsync(string signature = "model.onnx.sig", string? path = null, long? shardSize = null)
    {
        var digest = await Publisher.SignModelAsync(
            path ?? (signature.EndsWith("model.sig", StringComparison.Ordinal) ? Folder : Options.Path), File(signature), new ModelSigningOptions { ShardSize = shardSize }, TestContext.Current.CancellationToken);
        if (!OperatingSystem.IsWindows())
        {
            System.IO.File.SetUnixFileMode(File(signature), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        return digest;
    }

    public async Task<ModelContent> ReadAsync()
    {
        using var parts = new ServiceCollection().AddMetrics().AddLogging(logging => logging.AddProvider(Log)).AddSingleton<ModelsTelemetry>().BuildServiceProvider();
        var reader = new ModelReader(
            parts.GetRequiredService<ModelsTelemetry>(), TimeProvider.System, new HostingEnvironment { EnvironmentName = Environment }, Decryption);
        return await reader.ReadAsync("m", Options.Path, Options, TestContext.Current.CancellationToken);
    }

    public async Task RefusedAsync(params string[] why)
    {
        var refused = await Assert.ThrowsAsync<ModelLoadException>(ReadAsync);

        Assert.StartsWith("Models:m", refused.Message, StringComparison.Ordinal);
        Assert.EndsWith(".", refused.Message, StringComparison.Ordinal);
        Assert.All(why, part => Assert.Contains(part, refused.Message, StringComparison.Ordinal));
    }

    public static string Text(byte[] bytes) => Encoding.UTF8.GetString(bytes);

    public void Dispose()
    {
        Publisher.Dispose();
        _folder.Dispose();
    }
}
