using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using SecureInference.TestSupport;

namespace SecureInference.IntegrationTests.Samples;

/// <summary>A sample that is started with --check-config: it says what a start would find, and ends.</summary>
public sealed class CheckConfigTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly Dictionary<string, string> _settings = [];

    public CheckConfigTests()
    {
        TestKeys.Add(_folder.File("keys.json"), "tester", ["model:*:infer"]);
        _settings["ApiKeys:Store"] = _folder.File("keys.json");
        _settings["Audit:Directory"] = _folder.File("audit");
    }

    [Fact]
    public async Task CheckConfig_GoodSample_SaysFineAndStartsNothing()
    {
        // Bound already: an app that listened could not start.
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var address = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{((IPEndPoint)taken.LocalEndpoint).Port}");

        var (exitCode, output) = await SampleProcess.RunToEndAsync("Digits", "Production", _settings, "--urls", address, "--check-config");

        Assert.Equal(0, exitCode);
        Assert.Contains("\nfine\n", output, StringComparison.Ordinal);
        Assert.Contains("Models that load: digits\n", output, StringComparison.Ordinal);
        Assert.Matches(@"\n  POST +/v2/models/\{model\}/infer +infer +model:\{model\}:infer\n", output);
        Assert.DoesNotContain("Now listening on", output, StringComparison.Ordinal);
        Assert.DoesNotContain("The page:", output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder.File("audit")));
    }

    [Fact]
    public async Task CheckConfig_BesideTheRunningApp_DisturbsNothing()
    {
        await using var running = new DigitsSample();
        await running.InitializeAsync();

        var (exitCode, output) = await SampleProcess.RunToEndAsync("Digits", "Production", running.Settings, "--check-config");

        Assert.True(exitCode == 0, output);
        using var answer = await running.Client.GetAsync("/v2", TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode);
    }

    [Theory]
    [InlineData("ApiKeys:Store", "no-such-store.json", 3, "no-such-store.json' does not exist")]
    [InlineData("ApiKeys:Store", "Program.cs", 1, "Program.cs' is not valid")]
    [InlineData("ApiKeys:Store", "", 1, "No key store is configured")]
    [InlineData("RateLimits:Default:TokenLimits", "1", 1, "SecureInference:RateLimits:Default:TokenLimits is not an option")]
    [InlineData("RateLimits:Default:TokenLimit", "many", 1, "SecureInference:RateLimits:Default:TokenLimit is 'many'. Write a whole number.")]
    [InlineData("Audit:QueueCapacity", "0", 1, "SecureInference:Audit:QueueCapacity is 0")]
    [InlineData("Arrival:AllowedNetworks:0", "10.0.0.1", 1, "SecureInference:Arrival:AllowedNetworks has '10.0.0.1'")]
    [InlineData("ClientCertificates:TrustBundle", "ca.pem", 1, "SecureInference:ClientCertificates:TrustBundle is set, and nobody is allowed.")]
    [InlineData("Revocations:PollInterval", "00:00:00", 1, "SecureInference:Revocations:PollInterval is 00:00:00")]
    [InlineData("Models:digits:Path", "no-such-model.onnx", 3, "no-such-model.onnx' does not exist")]
    [InlineData("Models:digits:Path", "Program.cs", 1, "ONNX-B2")]
    [InlineData("Models:digits:Device", "Tpu", 1, "SecureInference:Models:digits:Device is 'Tpu'")]
    [InlineData("env:ASPNETCORE_FORWARDEDHEADERS_ENABLED", "true", 1, "ASPNETCORE_FORWARDEDHEADERS_ENABLED trusts forwarded headers")]
    public async Task CheckConfig_SettingThatIsWrong_SaysSoInItsExitCode(string name, string value, int expected, string problem)
    {
        _settings[name] = value;

        var (exitCode, output) = await SampleProcess.RunToEndAsync("Digits", "Production", _settings, "--check-config");

        Assert.Equal(expected, exitCode);
        Assert.Contains("problem: ", output, StringComparison.Ordinal);
        Assert.Contains(problem, output, StringComparison.Ordinal);
        Assert.Contains("1 problem\n", output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder.File("audit")));
    }

    [Fact]
    public async Task CheckConfig_AsJson_IsOneDocument()
    {
        _settings["Models:digits:Path"] = "no-such-model.onnx";
        _settings["DrainTimeout"] = "9:00:00";

        var (exitCode, output) = await SampleProcess.RunToEndAsync("Digits", "Production", _settings, "--check-config", "--json");

        using var json = JsonDocument.Parse(output);
        Assert.Equal(1, exitCode);
        Assert.Equal(1, json.RootElement.GetProperty("exitCode").GetInt32());
        Assert.Equal("Production", json.RootElement.GetProperty("environment").GetString());
        Assert.Equal([false, true], json.RootElement.GetProperty("problems").EnumerateArray().Select(static problem => problem.GetProperty("unreadable").GetBoolean()));
    }

    [Fact]
    public async Task CheckConfig_SampleConfiguredInCode_ListsItsOwnEndpoint()
    {
        var (exitCode, output) = await SampleProcess.RunToEndAsync("OwnEndpoints", "Development", settings: null, "--contentRoot", _folder.Path, "--check-config");

        Assert.Equal(0, exitCode);
        Assert.Matches(@"\n  POST +/read-digit +infer +model:digits:infer\n", output);
        Assert.Matches(@"\n  GET +/ +- +not guarded\n", output);
        Assert.DoesNotContain("si_test_", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CheckConfig_AsTheDocsShowIt_SaysThatWordForWord()
    {
        var docs = await File.ReadAllTextAsync(Path.Combine(Checkout.Docs, "checks-before-start.md"), TestContext.Current.CancellationToken);
        _settings["RateLimits:Default:TokenLimits"] = "1";
        _settings["Audit:QueueCapacity"] = "many";
        _settings["DrainTimeout"] = "9:00:00";

        var (_, fine) = await SampleProcess.RunToEndAsync("OwnEndpoints", "Development", settings: null, "--contentRoot", _folder.Path, "--check-config");
        var (_, wrong) = await SampleProcess.RunToEndAsync("Digits", "Production", _settings, "--check-config");

        fine = string.Concat(fine.Split('\n').SkipLast(1).Where(static line => !line.StartsWith("warning: ", StringComparison.Ordinal)).Select(static line => line + "\n"));
        var problems = wrong.Split('\n').Where(static line => line.StartsWith("problem: ", StringComparison.Ordinal)).ToArray();
        Assert.Equal(3, problems.Length);
        Assert.Contains($"```text\n{fine}```\n", docs, StringComparison.Ordinal);
        Assert.Contains($"```text\n{string.Join('\n', problems)}\n```\n", docs, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();
}
