using SecureInference.Onnx.Canary;
using SecureInference.TestSupport.Onnx;

namespace SecureInference.Onnx.Tests.Canary;

[Collection(TrialCollection.Name)]
public sealed class CanaryGateTests
{
    private readonly Trial _trial = new();

    [Fact]
    public async Task Load_GoodModel_IsTriedAndRuns()
    {
        await using var engine = await _trial.LoadAsync(OnnxModels.Scalar());

        using var response = await engine.RunAsync(
            new InferenceRequest([Tensor.Create<float>("a", [], [3]), Tensor.Create<float>("b", [], [4])]), TestContext.Current.CancellationToken);

        Assert.Equal([12], response.Outputs[0].GetValues<float>().ToArray());
        Assert.Equal(1, _trial.Passed);
        Assert.Contains(_trial.Logs.Texts, static text => text.StartsWith("Model test was loaded and run once by a process of its own", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Load_CanaryIsOff_TriesNothing()
    {
        await using var engine = await _trial.LoadAsync(OnnxModels.Scalar(), static options => options.Canary = false);

        Assert.Equal(0, _trial.Passed);
    }

    [Fact]
    public async Task Load_WeightsInAnotherFile_ArePassedOn()
    {
        var files = new Dictionary<string, byte[]> { ["weights.bin"] = [.. new[] { 10f, 20f }.SelectMany(BitConverter.GetBytes)] };
        var model = Admission.HostileExternals.Initializer(("location", "weights.bin"), ("length", "4"));

        await using var engine = await _trial.LoadAsync(model, files: files);

        Assert.Equal(1, _trial.Passed);
    }

    [Fact]
    public async Task Load_ModelThatRefusesTheSample_Passes()
    {
        var model = new OnnxModelBuilder()
            .Input("x", OnnxType.Float, 2).Input("shape", OnnxType.Int64, 1).Output("y", OnnxType.Float, "n")
            .Node("Reshape", ["x", "shape"], ["y"]).Build();

        await using var engine = await _trial.LoadAsync(model);

        Assert.Equal(1, _trial.Passed);
    }

    [Fact]
    public async Task Require_SameModelAgain_IsNotTriedAgain()
    {
        var gate = new CanaryGate(new OnnxTelemetry(_trial.Logs), TimeProvider.System);

        await RequireAsync(gate, "d1");
        await RequireAsync(gate, "d1", static options => options.Path = "/elsewhere/model.onnx");
        Assert.Equal(1, _trial.Passed);

        await RequireAsync(gate, "d2");
        Assert.Equal(2, _trial.Passed);

        await RequireAsync(gate, "d1", static options => options.IntraOpThreads = 1);
        Assert.Equal(3, _trial.Passed);
    }

    [Fact]
    public async Task Require_ModelThatWasRefused_IsTriedAgain()
    {
        var gate = new CanaryGate(new OnnxTelemetry(_trial.Logs), TimeProvider.System);
        using var content = Trial.Content([1, 2, 3], "d1");

        for (var round = 0; round < 2; round++)
        {
            var refusal = await Assert.ThrowsAsync<ModelLoadException>(() => gate.RequireAsync("test", Trial.Options(), content, TestContext.Current.CancellationToken));
            Assert.Contains("is not an ONNX model", refusal.Message, StringComparison.Ordinal);
        }

        Assert.Equal(0, _trial.Passed);
    }

    [Fact]
    public async Task Load_Cancelled_EndsTheProcessThatTries()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Linux shows which process has started which.");
        using var cancellation = new CancellationTokenSource();
        var load = _trial.LoadAsync(OnnxModels.Slow(1_000_000_000, 64), static options => options.Admission.Policy = AdmissionPolicy.Off, cancellationToken: cancellation.Token);
        await TrialProcesses.WaitForOneAsync();

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => load);
        Assert.Empty(TrialProcesses.All);
    }

    [Fact]
    public async Task Load_WhileItIsTried_LeavesNothingOnDiskAndNothingForADump()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Linux shows what a process may do.");
        var marker = "CLEAR-" + Guid.NewGuid().ToString("N");
        var model = new OnnxModelBuilder(marker).Input("x", OnnxType.Float, 2).Output("y", OnnxType.Float, 2).Node("Relu", ["x"], ["y"]).Build();
        byte[] slow = [.. OnnxModels.Slow(1_000_000_000, 64), .. Admission.Proto.Text(6, marker)];
        using var cancellation = new CancellationTokenSource();
        var load = _trial.LoadAsync(slow, static options => options.Admission.Policy = AdmissionPolicy.Off, cancellationToken: cancellation.Token);
        var id = await TrialProcesses.WaitForOneAsync();

        Assert.Contains(TrialProcesses.Read(id, "limits").Split('\n'), static line => line.StartsWith("Max core file size", StringComparison.Ordinal) && line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[4..6] is ["0", "0"]);
        Assert.Equal("1000", TrialProcesses.Read(id, "oom_score_adj").Trim());
        RequireNoTrace(marker);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => load);
        await using var engine = await _trial.LoadAsync(model);
        RequireNoTrace(marker);
    }

    private static async Task RequireAsync(CanaryGate gate, string digest, Action<ModelOptions>? configure = null)
    {
        using var content = Trial.Content(OnnxModels.Scalar(), digest);
        await gate.RequireAsync("test", Trial.Options(configure), content, TestContext.Current.CancellationToken);
    }

    private static void RequireNoTrace(string marker)
    {
        string[] folders = [Path.GetTempPath(), "/dev/shm", Environment.CurrentDirectory, AppContext.BaseDirectory];
        Assert.DoesNotContain(folders.Distinct().Where(Directory.Exists).SelectMany(static folder => Directory.EnumerateFiles(folder)), file => Holds(file, marker));
    }

    // Other tests make and delete files meanwhile.
    private static bool Holds(string path, string marker)
    {
        try
        {
            return new FileInfo(path).Length is > 0 and < 1 << 20 && File.ReadAllBytes(path).AsSpan().IndexOf(System.Text.Encoding.ASCII.GetBytes(marker)) >= 0;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
