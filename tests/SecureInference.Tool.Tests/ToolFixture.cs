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

    public string PepperFile => Path.Combine(Folder, "pepper.txt");

    /// <summary>Gets or sets what the environment variable for the pepper holds.</summary>
    public string? Pepper { get; set; }

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

    /// <summary>Makes a pepper file, or adds a version to it.</summary>
    public async Task AddPepperAsync() => Assert.Equal(0, (await RunAsync("keys", "pepper", "--file", PepperFile)).ExitCode);

    /// <summary>Runs a command on the store and expects it to be done.</summary>
    public async Task<ToolAnswer> DoAsync(string command, params string[] more)
    {
        var answer = await RunAsync(["keys", command, .. more, "--store", Store]);
        Assert.Equal((0, ""), (answer.ExitCode, answer.Error));
        return answer;
    }

    /// <summary>Asks as a server does; returns why the key is not accepted, or null.</summary>
    public string? Refusal(string key, out Caller? caller, bool isProduction = true)
    {
        var file = ReadStore();
        var peppers = File.Exists(PepperFile) ? ApiKeyPeppers.ReadFile(PepperFile) : ApiKeyPeppers.None;
        ApiKeySeal.Check(file, peppers);
        var snapshot = new ApiKeySnapshot(file.Keys) { RevokedBefore = file.RevokedBefore, IsSealed = file.Seal is not null };
        return ApiKeySet.Create(snapshot, peppers, new CallerStates(), acceptTestKeys: !isProduction).Find(key, Time.GetUtcNow(), out caller);
    }

    public string? Refusal(string key) => Refusal(key, out _);

    public async Task<ToolAnswer> RunAsync(TimeProvider time, int width, bool isPlain, params string[] arguments)
    {
        using var screen = new TestConsole();
        screen.Profile.Width = width;
        using var error = new StringWriter();
        var exitCode = await new CommandLineTool(new ToolConsole(screen, error, isPlain), time, Pepper).RunAsync(arguments);
        return new ToolAnswer(exitCode, screen.Output, error.ToString());
    }
}
