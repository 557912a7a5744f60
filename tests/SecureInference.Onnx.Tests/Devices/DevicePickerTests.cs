using SecureInference.Onnx.Devices;
using SecureInference.TestSupport.Onnx;

namespace SecureInference.Onnx.Tests.Devices;

/// <summary>Which device a model gets, what is said of it, and that no GPU is given up silently.</summary>
public sealed class DevicePickerTests : IDisposable
{
    private const int Chosen = 2001;
    private const int FellBack = 2020;
    private const int Partly = 2021;

    private static readonly CudaObstacle NoCuda = new("the native ONNX Runtime has no CUDA", "Add the package", IsWanted: false);
    private static readonly CudaObstacle BrokenPlugin = new("the plug-in library does not load", "Check the library", IsWanted: true);

    private readonly CollectingLoggerFactory _logs = new();

    public void Dispose() => _logs.Dispose();

    [Theory]
    [InlineData("Cpu", "cpu")]
    [InlineData("Auto", "cuda 0")]
    [InlineData("Cuda", "cuda 0")]
    [InlineData("Cuda:1,3", "cuda 1 cuda 3")]
    public void Open_GpusWork_TakesWhatIsAskedFor(string device, string expected)
    {
        var opener = new FakeOpener();

        var opened = Open(opener, new ModelOptions { Device = device }, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(expected, string.Join(' ', opener.Tried));
        Assert.Equal((device == "Cpu" ? DeviceKind.Cpu : DeviceKind.Cuda, device == "Cpu" ? Environment.ProcessorCount : 2), (opened.Kind, opened.Lanes));
        Assert.Equal((1, 0, 0), (_logs.Count(Chosen), _logs.Count(FellBack), _logs.Count(Partly)));
        Assert.Null(opened.Degradation);
    }

    [Fact]
    public void Open_AutoAndNoGpuWasSetUp_TakesTheCpuAndSaysWhy()
    {
        var opened = Open(new FakeOpener { Obstacle = NoCuda }, new ModelOptions(), cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(("Cpu", NoCuda.Why, null), (opened.Name, opened.Reason, opened.Degradation));
        Assert.Equal((1, 0), (_logs.Count(Chosen), _logs.Count(FellBack)));
    }

    [Theory]
    [InlineData("plug-in")]
    [InlineData("start")]
    public void Open_AutoAndTheGpuDoesNotStart_TakesTheCpuLoudly(string what)
    {
        var opened = Open(BrokenOpener(what), new ModelOptions(), cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(DeviceKind.Cpu, opened.Kind);
        Assert.Contains("CPU", opened.Degradation, StringComparison.Ordinal);
        Assert.Equal((1, 1), (_logs.Count(Chosen), _logs.Count(FellBack)));
    }

    [Theory]
    [InlineData("plug-in", "Cuda", false)]
    [InlineData("plug-in", "Cuda:0,1", true)]
    [InlineData("plug-in", "Auto", true)]
    [InlineData("start", "Cuda", false)]
    [InlineData("start", "Cuda:0,1", true)]
    [InlineData("start", "Auto", true)]
    public void Open_AGpuIsDemandedAndThereIsNone_NeverOpensOnTheCpu(string what, string device, bool requireGpu)
    {
        var opener = BrokenOpener(what);

        var refusal = Assert.Throws<ModelLoadException>(() => Open(opener, new ModelOptions { Device = device, RequireGpu = requireGpu }, cancellationToken: TestContext.Current.CancellationToken));

        Assert.DoesNotContain("cpu", opener.Tried);
        Assert.Contains($"Device is {device}", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(requireGpu ? "RequireGpu" : "Check", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_OperatorsAreNotForTheGpu_SaysSo()
    {
        var opener = new FakeOpener { Fails = static (_, allowCpu) => allowCpu ? null : new EntryPointNotFoundException() };

        var opened = Open(opener, new ModelOptions { Device = "Cuda" }, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(["cuda 0", "cuda 0 with cpu"], opener.Tried);
        Assert.Equal((DeviceKind.Cuda, 1), (opened.Kind, _logs.Count(Partly)));
    }

    [Fact]
    public void Open_OperatorsAreNotForTheGpuAndAllMustBe_Refuses()
    {
        var opener = new FakeOpener { Fails = static (_, allowCpu) => allowCpu ? null : new EntryPointNotFoundException() };

        var refusal = Assert.Throws<ModelLoadException>(() => Open(opener, new ModelOptions { Device = "Cuda", RequireGpu = true }, cancellationToken: TestContext.Current.CancellationToken));

        Assert.Equal(["cuda 0"], opener.Tried);
        Assert.Contains("remove RequireGpu", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_TheSecondGpuDoesNotStart_FreesTheFirst()
    {
        var opener = new FakeOpener { Fails = static (card, _) => card == 1 ? new DllNotFoundException() : null };

        Assert.Throws<ModelLoadException>(() => Open(opener, new ModelOptions { Device = "Cuda:0,1" }, cancellationToken: TestContext.Current.CancellationToken));

        Assert.ThrowsAny<Exception>(() => opener.Sessions[0].Run([]));
    }

    [Fact]
    public void Open_Cancelled_FallsBackToNothing()
    {
        var opener = new FakeOpener();

        Assert.ThrowsAny<OperationCanceledException>(() => Open(opener, new ModelOptions(), new CancellationToken(canceled: true)));

        Assert.Empty(opener.Tried);
    }

    private static FakeOpener BrokenOpener(string what) => what == "plug-in"
        ? new FakeOpener { Obstacle = BrokenPlugin }
        : new FakeOpener { Fails = static (_, _) => new DllNotFoundException("secret") };

    private OpenedDevices Open(FakeOpener opener, ModelOptions options, CancellationToken cancellationToken = default)
    {
        var opened = new DevicePicker("test", options, opener, new OnnxTelemetry(_logs)).Open(new ModelContent { Model = OnnxModels.Scalar(), Digest = "" }, cancellationToken);
        foreach (var session in opened.Sessions)
        {
            session.Dispose();
        }

        return opened;
    }
}
