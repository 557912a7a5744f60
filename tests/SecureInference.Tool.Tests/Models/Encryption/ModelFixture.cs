using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using SecureInference.Models.Protection.Encryption;

namespace SecureInference.Tool.Tests.Models.Encryption;

/// <summary>A model, two keys, and the tool.</summary>
internal sealed class ModelFixture : IDisposable
{
    private readonly ToolFixture _tool = new();

    public byte[] Clear { get; } = RandomNumberGenerator.GetBytes(200_000);

    public string Model => File("digits.onnx");

    public string Encrypted => File("digits.onnx.age");

    public string Key => File("key.txt");

    public static async Task<ModelFixture> CreateAsync()
    {
        var fixture = new ModelFixture();
        await System.IO.File.WriteAllBytesAsync(fixture.Model, fixture.Clear);
        return fixture;
    }

    public string File(string name) => Path.Combine(_tool.Folder, name);

    public string[] Files => [.. Directory.GetFiles(_tool.Folder).Select(static file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    public Task<ToolAnswer> RunAsync(params string[] arguments) => _tool.RunAsync(["model", .. arguments]);

    public Task<ToolAnswer> RunOnTerminalAsync(params string[] arguments) => _tool.RunOnTerminalAsync(80, ["model", .. arguments]);

    /// <summary>Runs a command and expects it to be done.</summary>
    public async Task<ToolAnswer> DoAsync(params string[] arguments)
    {
        var answer = await RunAsync(arguments);
        Assert.Equal((0, ""), (answer.ExitCode, answer.Error));
        return answer;
    }

    /// <summary>Makes a pair of keys, and returns the public one.</summary>
    public async Task<string> MakeKeyAsync(string name = "key.txt") => (await DoAsync("keygen", "--output", File(name))).Output.Trim();

    /// <summary>Makes a key, and encrypts the model for it.</summary>
    public async Task EncryptAsync() => await DoAsync("encrypt", Model, "--recipient", await MakeKeyAsync(), "--output", Encrypted);

    public byte[] Read(string path) => System.IO.File.ReadAllBytes(path);

    public void WriteSecret(string name, string text)
    {
        System.IO.File.WriteAllText(File(name), text);
        if (!OperatingSystem.IsWindows())
        {
            System.IO.File.SetUnixFileMode(File(name), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    public static JsonElement Json(ToolAnswer answer) => JsonDocument.Parse(answer.Output).RootElement;

    public static int HeaderLength(byte[] file) => AgeHeaderReader.Read(file).Length;

    /// <summary>Returns the secret key in a file, without what is written around it.</summary>
    public string SecretIn(string path) => Encoding.ASCII.GetString(Read(path)).Split('\n').Single(static line => line.Contains("KEY-1", StringComparison.Ordinal));

    public void Dispose() => _tool.Dispose();
}
