using SecureInference.Onnx.Tests.Admission;
using SecureInference.TestSupport.Onnx;

namespace SecureInference.Onnx.Tests.Canary;

[Collection(TrialCollection.Name)]
public sealed class HostileTrialTests
{
    private readonly Trial _trial = new();

    [Fact]
    public async Task Load_ModelThatEndsItsProcess_IsRefusedAndThisProcessGoesOn()
    {
        var refusal = await _trial.RefusalAsync(OnnxModels.FunctionChain(20_000));

        Assert.Contains("ended the process that tried it first", refusal, StringComparison.Ordinal);
        Assert.Contains(OperatingSystem.IsWindows() ? "0x" : "SIG", refusal, StringComparison.Ordinal);
        Assert.Contains("Do not serve it", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Load_ModelThatTakesAllMemory_IsRefusedAndNamesTheLimit()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Memory is bounded on Linux alone.");
        // 3 GiB, which this machine might have.
        var refusal = await _trial.RefusalAsync(Large(805_306_368));

        Assert.Contains("took more than 1073742", refusal, StringComparison.Ordinal);
        Assert.Contains("Models:test:CanaryMaxBytes", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Load_ModelThatTakesMoreThanItsOption_IsRefused()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Memory is bounded on Linux alone.");

        var refusal = await _trial.RefusalAsync(Large(), static options => options.CanaryMaxBytes = 128 << 20);

        Assert.Contains("took more than 134217728 bytes", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Load_ModelThatFitsItsOption_Passes()
    {
        await using var engine = await _trial.LoadAsync(Large(), static options =>
        {
            options.Admission.Policy = AdmissionPolicy.Off;
            options.CanaryMaxBytes = 2L << 30;
        });

        Assert.Equal(1, _trial.Passed);
    }

    [Fact]
    public async Task Load_ModelThatLoadsWithoutEnd_IsRefusedAndNamesTheLimit()
    {
        // Its load takes far more than a minute.
        var refusal = await _trial.RefusalAsync(OnnxModels.FunctionChain(1_000, calls: 200), static options => options.CanaryTimeout = TimeSpan.FromSeconds(3));

        Assert.Contains("CanaryTimeout, 00:00:03", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Load_ModelThatRunsWithoutEnd_IsRefusedAndNamesTheLimit()
    {
        var refusal = await _trial.RefusalAsync(OnnxModels.Slow(1_000_000_000, 64), static options => options.CanaryTimeout = TimeSpan.FromSeconds(3));

        Assert.Contains("CanaryTimeout, 00:00:03", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Load_FileThatIsNoModel_IsRefusedInTheWordsOfAnyLoad()
    {
        var refusal = await Assert.ThrowsAsync<ModelLoadException>(async () => await _trial.LoadAsync(OnnxModels.SequenceOutput()));

        Assert.Contains("Models:test: output 'items' is a sequence", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("zipmap=False", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(0, _trial.Passed);
    }

    /// <summary>A small file that takes 256 MiB when it runs, or as many numbers of four bytes as are said.</summary>
    private static byte[] Large(int numbers = 64 << 20) => Proto.Model(Proto.Graph(
        Proto.Int64s("s", numbers), Proto.Output("y", 1, 1), Proto.Node("ConstantOfShape", "s", "t"), Proto.Node("ReduceMax", "t", "y")));
}
