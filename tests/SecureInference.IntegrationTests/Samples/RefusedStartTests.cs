using SecureInference.TestSupport;

namespace SecureInference.IntegrationTests.Samples;

public sealed class RefusedStartTests
{
    [Fact]
    public async Task Start_ProductionWithoutStore_StopsAndSaysWhatToWrite()
    {
        using var folder = new TestFolder();

        var (exitCode, output) = await SampleProcess.RunToEndAsync(
            "Digits", "Production", new Dictionary<string, string> { ["Audit:Directory"] = folder.File("audit") });

        Assert.NotEqual(0, exitCode);
        Assert.Contains("No key store is configured", output, StringComparison.Ordinal);
        Assert.Contains("secure-inference keys create", output, StringComparison.Ordinal);
        Assert.Contains("SecureInference:ApiKeys:Store", output, StringComparison.Ordinal);
        Assert.DoesNotContain("si_test_", output, StringComparison.Ordinal);
        Assert.DoesNotContain("Now listening on", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("RateLimit:Default:TokenLimit", "1", "RateLimit is not an option")]
    [InlineData("RateLimits:Default:TokenLimits", "1", "RateLimits:Default:TokenLimits")]
    [InlineData("RateLimits:Tiers:silver:TokensPerSecond", "1", "RateLimits:Tiers:silver:TokensPerSecond")]
    [InlineData("Models:digits:MaxBatch", "1", "Models:digits:MaxBatch")]
    [InlineData("Models:digits:Signing:Key", "1", "Models:digits:Signing")]
    [InlineData("Arrival:RequireTls", "true", "Arrival:RequireTls")]
    [InlineData("Jwt:Issuers:0:Authority", "https://login.example.com", "Jwt")]
    [InlineData("RateLimits", "none", "RateLimits is 'none'")]
    [InlineData("RateLimits:Default:TokenLimit", "0", "RateLimits:Default:TokenLimit is 0")]
    [InlineData("RateLimits:Default:TokenLimit", "many", "RateLimits:Default:TokenLimit")]
    [InlineData("RateLimits:Default", "10", "RateLimits:Default is '10'")]
    [InlineData("ApiKeys:RejectedStatusCode", "200", "ApiKeys:RejectedStatusCode is 200")]
    [InlineData("ApiKeys:Store", "no-such-store.json", "no-such-store.json")]
    [InlineData("Models:digits:Path", "no-such-model.onnx", "no-such-model.onnx")]
    [InlineData("Models:digits:Device", "Tpu", "Models:digits:Device is 'Tpu'")]
    public async Task Start_SettingThatIsWrong_StopsAndNamesIt(string name, string value, string named)
    {
        using var folder = new TestFolder();
        TestKeys.Add(folder.File("keys.json"), "tester", ["model:*:infer"]);
        var settings = new Dictionary<string, string>
        {
            ["Audit:Directory"] = folder.File("audit"),
            ["ApiKeys:Store"] = folder.File("keys.json"),
            [name] = value,
        };

        var (exitCode, output) = await SampleProcess.RunToEndAsync("Digits", "Production", settings);

        Assert.NotEqual(0, exitCode);
        Assert.Contains(named, output, StringComparison.Ordinal);
        Assert.DoesNotContain("Now listening on", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_AuditFolderOfAnotherProcess_StopsAndSaysWhatToWrite()
    {
        await using var first = new DigitsSample();
        await first.InitializeAsync();

        var (exitCode, output) = await SampleProcess.RunToEndAsync("Digits", "Production", first.Settings);

        Assert.NotEqual(0, exitCode);
        Assert.Contains("give each process a folder of its own", output, StringComparison.Ordinal);
        Assert.Contains("SecureInference:Audit:Directory", output, StringComparison.Ordinal);
        using var answer = await first.Client.GetAsync("/v2", TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode);
    }

    [Fact]
    public async Task Start_AuditFolderOfAProcessThatHasEnded_Works()
    {
        await using var sample = new DigitsSample();
        await sample.InitializeAsync();
        await sample.Process.SignalAsync("TERM");
        await sample.Process.WaitForExitAsync();

        await sample.InitializeAsync();

        using var answer = await sample.Client.GetAsync("/v2", TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode);
    }
}
