using SecureInference.Models;
using SecureInference.Onnx.Devices;
using SecureInference.TestSupport;
using SecureInference.TestSupport.Onnx;

namespace SecureInference.Onnx.Tests.Devices;

/// <summary>Models with a session for each of several devices; the devices are played by the CPU.</summary>
public sealed class SeveralDevicesTests
{
    [Fact]
    public async Task Load_TwoGpus_SaysSoAndRunsInLanesOfBoth()
    {
        var opener = new FakeOpener();
        await using var engine = await LoadAsync(opener, new ModelOptions { Device = "Cuda:0,1", MaxBatchSize = 8 });

        var answers = await Task.WhenAll(Enumerable.Range(0, 64).Select(row => Task.Run(async () =>
        {
            using var request = new InferenceRequest(Some.Floats("X", 1, 2, seed: row));
            using var response = await engine.RunAsync(request, TestContext.Current.CancellationToken);
            return response.Outputs[0].GetValues<float>()[0];
        })));

        Assert.Equal(Enumerable.Range(0, 64).Select(static row => (float)row), answers);
        Assert.Equal((4, 2, "Cuda:0,1"), (engine.Lanes, opener.Sessions.Count, engine.Metadata.Device));
        Assert.Equal("the option says so", engine.Metadata.DeviceReason);
    }

    [Fact]
    public async Task Load_FellBackToTheCpu_MetadataSaysThatAndWhy()
    {
        var opener = new FakeOpener { Fails = static (_, _) => new DllNotFoundException() };

        await using var engine = await LoadAsync(opener, new ModelOptions());

        Assert.Equal("Cpu", engine.Metadata.Device);
        Assert.Contains("CUDA did not start", engine.Metadata.DeviceReason, StringComparison.Ordinal);
        Assert.NotNull(engine.Metadata.Degradation);
        Assert.NotNull(engine.Metadata.WithVersion("7").Degradation);
    }

    [Fact]
    public void TryRent_SeveralDevices_TakesTheOneWithTheLeastToDo()
    {
        using var first = new LaneHarness(OnnxModels.Identity(OnnxType.Float, "batch", 2));
        using var second = new LaneHarness(OnnxModels.Identity(OnnxType.Float, "batch", 2));
        var pool = new SessionPool([Lanes(first), Lanes(second)], TimeProvider.System);

        var leases = new SessionLease[3];
        for (var index = 0; index < leases.Length; index++)
        {
            Assert.True(pool.TryRent(out leases[index]));
        }

        // One each, then the second of either; what comes back is idle again.
        Assert.NotSame(SessionOf(leases[0]), SessionOf(leases[1]));
        var busier = SessionOf(leases[2]);
        Array.Find(leases, lease => SessionOf(lease) != busier).Dispose();
        Assert.True(pool.TryRent(out var next));
        Assert.NotSame(busier, SessionOf(next));

        object SessionOf(SessionLease lease) => first.Extra.Contains(lease.Lane) ? first : second;
    }

    private static DeviceLanes Lanes(LaneHarness harness)
    {
        harness.Extra.AddRange(Enumerable.Range(0, 2).Select(_ => new Lane(harness.Session, harness.Metadata, harness.Layout, harness.Plan, TimeProvider.System)));
        return new DeviceLanes(new OpenedSession(harness.Session, HostMemory.Ordinary, "cpu:0"), harness.Extra);
    }

    private static async Task<IModelEngine> LoadAsync(FakeOpener opener, ModelOptions options)
    {
        using var folder = new TestFolder();
        options.Path = folder.File("model.onnx");
        await File.WriteAllBytesAsync(options.Path, OnnxModels.Identity(OnnxType.Float, "batch", 2), TestContext.Current.CancellationToken);
        var loader = new OnnxModelLoader(new ModelReader(), new OnnxTelemetry(new CollectingLoggerFactory()), TimeProvider.System, (_, _) => opener);
        return await loader.LoadAsync("test", options, TestContext.Current.CancellationToken);
    }
}
