using Microsoft.Extensions.Time.Testing;
using SecureInference.Pipeline.Authentication.ApiKeys;
using Spectre.Console.Testing;

namespace SecureInference.Tool.Tests;

/// <summary>The tool in a folder of its own, at a time that only the test moves.</summary>
internal sealed class ToolFixture : IDisposable
{
    public static readonly DateTimeOffset Start = new(2026, 10, 2, 12, 30, 15, TimeSpan.Zero);

    public ToolFixture() => Store = Path.Combine(Folder, "keys.json");

    public string Folder { get; } = Directory.CreateTempSubdirectory("secure-inference-tool-").FullName;

    public string Store { get; }

    public FakeTimeProvider Time { get; } = new(Start);

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    public Task<ToolAnswer> RunAsync(params string[] arguments) => RunAsync(Time, width: 80, isPlain: true, arguments);

    public Task<ToolAnswer> RunOnTerminalAsync(int width, params string[] arguments) => RunAsync(Time, width, isPlain: false, arguments);

    /// <summary>Creates a key and returns it.</summary>
    public async Task<string> CreateKeyAsync(params string[] more)
    {
        var answer = await RunAsync(["keys", "create", "--store", Store, "--owner", "checkout", "--scope", "model:digits:infer", .. more]);
        Assert.Equal(0, answer.ExitCode);
        return answer.Lines.Single(static line => line.StartsWith("si_", StringComparison.Ordinal));
    }

    public static string IdOf(string key) => key.Split('_')[2];

    public ApiKeyFile ReadStore() => ApiKeyFile.Read(Store);

    /// <summary>Asks as a server does; returns why the key is not accepted, or null.</summary>
    public string? Refusal(string key, out Caller? caller, bool isProduction = true) =>
        ApiKeySet.Create(new ApiKeySnapshot(ReadStore().Keys), ApiKeyPeppers.None, new CallerStates(), acceptTestKeys: !isProduction).Find(key, Time.GetUtcNow(), out caller);

    public async Task<ToolAnswer> RunAsync(TimeProvider time, int width, bool isPlain, params string[] arguments)
    {
        using var screen = new TestConsole();
        screen.Profile.Width = width;
        using var error = new StringWriter();
        var exitCode = await new CommandLineTool(new ToolConsole(screen, error, isPlain), time).RunAsync(arguments);
        return new ToolAnswer(exitCode, screen.Output, error.ToString());
    }
}
