using System.Diagnostics;
using System.Runtime.InteropServices;
using SecureInference.IntegrationTests.Attacks;
using SecureInference.IntegrationTests.Samples;
using SecureInference.TestSupport;

namespace SecureInference.IntegrationTests.Auditing;

/// <summary>A model that ends the whole process while it runs, as native code does: the log that is left says which request led to it.</summary>
/// <remarks>The process that dies is this test, started once more with the variables below.</remarks>
public sealed class CrashingModelTests
{
    private const string Abort = "abort";
    private const string Fault = "fault";
    private const string FailFast = "fail-fast";
    private const string HowVariable = "TEST_CRASH_HOW";
    private const string ModeVariable = "TEST_CRASH_DURABILITY";
    private const string FolderVariable = "TEST_CRASH_FOLDER";
    private const int Aborted = 134;
    private const int Faulted = 139;

    [Theory]
    [InlineData(Abort, "PerRequest", Aborted)]
    [InlineData(Fault, "PerRequest", Faulted)]
    [InlineData(FailFast, "PerRequest", Aborted)]
    [InlineData(Abort, "Batched", Aborted)]
    public async Task Infer_ProcessDiesInTheRun_RecoveredLogHoldsTheDecision(string how, string durability, int exitCode)
    {
        if (Environment.GetEnvironmentVariable(HowVariable) is { } asked)
        {
            await RunAndDieAsync(asked);
            return;
        }

        Assert.SkipWhen(OperatingSystem.IsWindows(), "The process is ended by the C library of Unix.");
        using var folder = new TestFolder();
        var audit = folder.File("audit");

        var (code, said) = await StartAsync(folder.Path, audit, how, durability);

        Assert.True(code == exitCode, $"It ended with {code}: {said}");
        Assert.Null(AuditFiles.Verify(audit));
        await using (var app = await EchoApp.StartAsync(FakeModel.Echo(), settings: Settings(audit, durability)))
        {
            await app.StopAsync();
        }

        Assert.Null(AuditFiles.Verify(audit));
        var records = AuditFiles.ReadAll(audit);
        Assert.Equal(["start", "decision", "recovery", "start", "stop"], records.Select(static record => record.GetProperty("kind").GetString()));
        Assert.Equal("allow infer tester fake", string.Join(' ', ((string[])["decision", "operation", "caller", "model"]).Select(name => records[1].GetProperty(name).GetString())));
    }

    private static Dictionary<string, string?> Settings(string folder, string durability) =>
        new() { ["Audit:Directory"] = folder, ["Audit:Durability"] = durability };

    private static async Task<(int ExitCode, string Output)> StartAsync(string temporary, string audit, string how, string durability)
    {
        // No core file: they are large, and nobody looks at them.
        var start = new ProcessStartInfo("/bin/sh", ["-c", "ulimit -c 0; exec \"$@\"", "sh", "dotnet", typeof(CrashingModelTests).Assembly.Location, "-method", $"*.{nameof(Infer_ProcessDiesInTheRun_RecoveredLogHoldsTheDecision)}"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = temporary,
        };
        start.Environment["TMPDIR"] = temporary;
        start.Environment[FolderVariable] = audit;
        start.Environment[HowVariable] = how;
        start.Environment[ModeVariable] = durability;
        using var process = Process.Start(start)!;
        var output = Task.WhenAll(process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
        try
        {
            await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Eventually.Deadline, TestContext.Current.CancellationToken);
        }
        catch (TimeoutException)
        {
            process.Kill();
            throw;
        }

        return (process.ExitCode, string.Concat(await output));
    }

    private static async Task RunAndDieAsync(string how)
    {
        var audit = Environment.GetEnvironmentVariable(FolderVariable)!;
        var model = FakeModel.Create(
            [new TensorSpec("x", TensorDataType.Float32, [-1, 4])],
            [new TensorSpec("y", TensorDataType.Float32, [-1, 4])],
            async (_, cancellationToken) =>
            {
                // At once where the decision was waited for; otherwise when it is there, as that of any run that takes a while is.
                await EchoApp.UntilAsync(() => Task.FromResult(Environment.GetEnvironmentVariable(ModeVariable) == "PerRequest" || AuditFiles.Read(audit).Count > 0), cancellationToken);
                Die(how);
                throw new UnreachableException();
            });
        await using var app = await EchoApp.StartAsync(model, settings: Settings(audit, Environment.GetEnvironmentVariable(ModeVariable)!));
        using var response = await app.Client.PostAsync(EchoApp.InferPath, EchoApp.Content(), TestContext.Current.CancellationToken);
        Assert.Fail("It outlived its model.");
    }

    private static void Die(string how)
    {
        switch (how)
        {
            case Abort:
                AbortProcess();
                break;
            case Fault:
                _ = LengthOf(1);
                break;
            default:
                Environment.FailFast("The model ends the process.");
                break;
        }
    }

    [DllImport("libc", EntryPoint = "abort", ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern void AbortProcess();

    /// <summary>Reads from where nothing is, in native code.</summary>
    [DllImport("libc", EntryPoint = "strlen", ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nuint LengthOf(nint text);
}
