using SecureInference.Onnx.Canary;
using SecureInference.TestSupport;

namespace SecureInference.Onnx.Tests.Canary;

/// <summary>What the app does where the process that should try a model does something else.</summary>
[Collection(TrialCollection.Name)]
public sealed class StrangeProgramTests
{
    private const string Greeting = $"echo '{CanaryChild.Greeting}'; ";

    private readonly Trial _trial = new();

    [Theory]
    [InlineData("exit 0")]
    [InlineData("echo 'Now listening on: http://localhost:5000'; exec sleep 1000")]
    public async Task Require_ProgramThatBeginsWithSomethingElse_IsSentNoModel(string script)
    {
        using var folder = new TestFolder();

        var refusal = await _trial.RefusalAsync($"{{ {script}; }} ; cat > {folder.File("sent")}");

        Assert.Contains("Models:test:Canary is true, but '/bin/sh' does not begin with the trial", refusal, StringComparison.Ordinal);
        Assert.Contains("write false for Canary", refusal, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public async Task Require_ProgramThatSaysNothing_IsRefusedInTheEnd() =>
        Assert.Contains("CanaryTimeout", await _trial.RefusalAsync("exec sleep 1000", TimeSpan.FromMilliseconds(200)), StringComparison.Ordinal);

    [Fact]
    public async Task Require_ProgramThatDoesNotExist_IsRefused()
    {
        using var content = Trial.Content([1]);
        var gate = new CanaryGate(new OnnxTelemetry(_trial.Logs), TimeProvider.System, new CanaryProgram("/nowhere/app", []));

        var refusal = await Assert.ThrowsAsync<ModelLoadException>(() => gate.RequireAsync("test", Trial.Options(), content, TestContext.Current.CancellationToken));

        Assert.Contains("the system does not start '/nowhere/app'", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("exit 3", "exit code 3")]
    [InlineData("kill -ABRT $$", "exit code 134: SIGABRT")]
    [InlineData("kill -SEGV $$", "exit code 139: SIGSEGV")]
    [InlineData("kill -KILL $$", "for want of memory")]
    public async Task Require_ProgramThatEndsWithoutAVerdict_SaysHow(string script, string how) =>
        Assert.Contains(how, await _trial.RefusalAsync(Greeting + script), StringComparison.Ordinal);

    [Theory]
    [InlineData("Passed")]
    [InlineData("Passed ")]
    [InlineData("00000000000000000000000000000000 Passed ")]
    public async Task Require_VerdictWithoutTheNonce_IsNone(string line) =>
        Assert.Contains("exit code 0", await _trial.RefusalAsync($"{Greeting} echo '{line}'; exit 0"), StringComparison.Ordinal);

    [Fact]
    public async Task Require_ProgramThatWritesWithoutEnd_IsRefusedAndFillsNoMemory() =>
        Assert.Contains("CanaryTimeout", await _trial.RefusalAsync(Greeting + "exec cat /dev/zero", TimeSpan.FromSeconds(2)), StringComparison.Ordinal);

    [Fact]
    public async Task Require_VariablesOfTheApp_AreNotHandedOn()
    {
        using var folder = new TestFolder();
        Environment.SetEnvironmentVariable("ConnectionStrings__Secret", "hunter2");
        Environment.SetEnvironmentVariable("DOTNET_Secret", "hunter2");

        await _trial.RefusalAsync($"env > {folder.File("env")}; cat /proc/self/cmdline > {folder.File("line")}");

        var variables = await File.ReadAllLinesAsync(folder.File("env"), TestContext.Current.CancellationToken);
        Assert.DoesNotContain(variables, static line => line.Contains("hunter2", StringComparison.Ordinal));
        Assert.Contains("SECUREINFERENCE_CANARY=1", variables);
        Assert.Contains("DOTNET_STARTUP_HOOKS=SecureInference.Onnx", variables);
        Assert.Contains(variables, static line => line.StartsWith("PATH=", StringComparison.Ordinal));
    }
}
